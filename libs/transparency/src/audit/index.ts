export { auditLog, type AuditInput, type AuditReport } from './audit.js';
export { AUDIT_CHECKS, type AuditCheck, type AuditLine, type AuditOutcome, type Verdict } from './audit-line.js';
export type { AuditSources, MirrorSource, ViewSource } from './audit-sources.js';
export { formatForkEvidence, MAX_FORK_BYTES, openForkEvidence, type ForkEvidence } from './fork-evidence.js';
export { keyChanges, type KeyChange } from './key-changes.js';
export type { DeploymentSource } from './deployment-line.js';
export type { PossessionAnswer, PossessionSource } from './possession-line.js';
