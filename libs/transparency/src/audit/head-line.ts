import { BundleError } from '../check/check.js';
import { verifyBundle } from '../check/verify-bundle.js';
import { sameOctets } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { auditLine, type AuditLine } from './audit-line.js';
import type { WalkedEpoch } from './epoch-walk.js';

/** What is shown to clients passes their own checks, and is the log's last entry. */
export function checkServed(
  source: string | undefined,
  epochs: readonly (WalkedEpoch | undefined)[],
  trustRoot: TrustRoot,
  nowMs: number,
): AuditLine {
  if (source === undefined) return auditLine('head', 'skipped', 'nobody was named who shows the newest bundle');
  try {
    const { bundle, digest } = verifyBundle({ source, trustRoot, memory: undefined, purpose: 'register', nowMs });
    const last = epochs[epochs.length - 1];
    const seen = `epoch ${bundle.epoch} is served, ${epochs.length} were logged`;
    if (!last || !sameOctets(last.leaf, digest)) return auditLine('head', 'FAIL', `${seen}: the newest one is another`);
    return auditLine('head', 'ok', `${seen}; it passes the client's own checks`);
  } catch (error) {
    if (error instanceof FormatError || error instanceof BundleError) return auditLine('head', 'FAIL', error.message);
    throw error;
  }
}
