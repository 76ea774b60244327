import { bundleDigest } from '../bundle/format-bundle.js';
import { BundleError } from '../check/check.js';
import { checkBothSignatures } from '../check/note-checks.js';
import { sameOctets, toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { parseNote } from '../note/note.js';
import { bundleNoteOf } from '../proof/bundle-proof.js';
import { MAX_PROOF_BYTES } from '../proof/proof.js';
import { trustRootDigest } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { AuditSources } from './audit-sources.js';
import { auditLine, lineOf, type AuditLine } from './audit-line.js';
import type { WalkedEpoch } from './epoch-walk.js';

/**
 * Both roles signed the very text that the log holds, for each epoch. The log holds texts alone, so the signatures come
 * from whoever published them; what nobody shows, or was made for a trust root that is not at hand, stays unchecked.
 * @throws SourceUnavailable
 */
export async function checkSignedEpochs(
  epochs: readonly (WalkedEpoch | undefined)[],
  trustRoots: readonly TrustRoot[],
  published: AuditSources['publishedBundle'],
): Promise<AuditLine> {
  if (!published) return auditLine('both-signatures', 'skipped', 'nobody was named who shows the signed bundles');
  const roots = new Map(trustRoots.map((root) => [toHex(trustRootDigest(root)), root]));
  const problems: string[] = [];
  const unchecked: string[] = [];
  for (const [index, walked] of epochs.entries()) {
    const root = walked && roots.get(walked.trustRoot);
    const source = root && (await published(index + 1));
    if (!walked || !root) unchecked.push(`epoch ${index + 1} is made for a trust root that was not given`);
    else if (source === undefined) unchecked.push(`nobody shows the signed bundle of epoch ${index + 1}`);
    else problems.push(...problemsOf(source, index + 1, walked.leaf, root));
  }
  if (problems.length > 0) return lineOf('both-signatures', problems, '');
  const [first, ...more] = unchecked;
  if (first === undefined) return auditLine('both-signatures', 'ok', `${epochs.length} epochs, each signed by operator and auditor`);
  return auditLine('both-signatures', 'skipped', more.length === 0 ? first : `${first}; and ${more.length} more`);
}

function problemsOf(source: string, epoch: number, leaf: Uint8Array, root: TrustRoot): readonly string[] {
  try {
    if (source.length > MAX_PROOF_BYTES) throw new FormatError('bundle', 'is too long');
    const note = parseNote(bundleNoteOf(source));
    if (!sameOctets(bundleDigest(note.text), leaf)) return [`epoch ${epoch}: the published text is not the one that was logged`];
    checkBothSignatures(note, root);
    return [];
  } catch (error) {
    if (error instanceof FormatError || error instanceof BundleError) return [`epoch ${epoch}: ${error.message}`];
    throw error;
  }
}
