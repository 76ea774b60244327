export { auditLog, type AuditInput, type AuditReport } from './audit.js';
export { AUDIT_CHECKS, printable, VERDICT_WORDS, type AuditCheck, type AuditLine, type AuditOutcome, type Verdict } from './audit-line.js';
export type { AuditSources, MirrorSource, ViewSource } from './audit-sources.js';
export { onlineSources, publishedAt, servedBy, textIn, type AuditPlaces } from './online-sources.js';
export { originHash } from './origin-hash.js';
export { formatForkEvidence, MAX_FORK_BYTES, openForkEvidence, type ForkEvidence } from './fork-evidence.js';
export { keyChanges, type KeyChange } from './key-changes.js';
