import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { readCheckpoint, type OpenedCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { verifyCosignatures, type Cosignature } from '../cosignature/cosignature.js';
import { sameOctets } from '../encoding/octets.js';
import { verifyNote } from '../note/sign-note.js';
import type { BundleProof } from '../proof/bundle-proof.js';
import { rootFromInclusionPath } from '../tree/inclusion-path.js';
import type { TrustedLog } from '../trust-root/trust-root.js';
import { formatVkey } from '../vkey/vkey.js';
import { invalidBundle, passed, refusing, staleBundle, type CheckReport } from './check.js';

/** Step 8: the checkpoint, and that it is of our log. */
export function checkCheckpoint(proof: BundleProof, log: TrustedLog): { report: CheckReport; opened: OpenedCheckpoint } {
  const opened = refusing('checkpoint-grammar', () => readCheckpoint(proof.checkpoint));
  const { origin, size } = opened.checkpoint;
  if (origin !== log.vkey.name) throw invalidBundle('checkpoint-grammar', `of the log ${origin}, not of ${log.vkey.name}`);
  return { report: passed('checkpoint-grammar', `${origin}, ${size} entries`), opened };
}

/** Step 9: the log itself stands by it. */
export function checkLogSignature({ note }: OpenedCheckpoint, log: TrustedLog): CheckReport {
  const signers = refusing('log-signature', () => verifyNote(note, [log.vkey]));
  if (signers.length === 0) throw invalidBundle('log-signature', `${log.vkey.name} has not signed`);
  return passed('log-signature', formatVkey(log.vkey));
}

/** Step 10: every cosignature by a witness that we know holds; those of strangers are not looked at. */
export function checkCosignatures(
  { note }: OpenedCheckpoint,
  log: TrustedLog,
): { report: CheckReport; cosignatures: readonly Cosignature[] } {
  const known = log.witnesses.witnesses.map(({ vkey }) => vkey);
  const cosignatures = refusing('cosignatures', () => verifyCosignatures(note, known));
  const seen = cosignatures.map(({ vkey, time }) => `${vkey.name} at ${time}`);
  return { report: passed('cosignatures', `${seen.length} of ${known.length}: ${seen.join(', ') || 'none'}`), cosignatures };
}

/** Step 12: the bundle's text is the entry at that index. */
export function checkInclusion(digest: Uint8Array, { index, path }: BundleProof, { size, root }: Checkpoint): CheckReport {
  const computed = rootFromInclusionPath(digest, index, size, path);
  if (!computed || !sameOctets(computed, root)) throw invalidBundle('inclusion', `entry ${index} of ${size} is not this bundle`);
  return passed('inclusion', `entry ${index} of ${size}`);
}

/** Step 13: it is the newest entry, so no newer bundle existed when the witnesses signed. */
export function checkHead({ index }: BundleProof, { size }: Checkpoint): CheckReport {
  if (index !== size - 1) throw staleBundle('head', `entry ${index} of ${size}: a newer bundle was logged`);
  return passed('head', `entry ${index} is the last of ${size}`);
}
