import type { OpenedCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { openCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { fromUtf8, sameOctets } from '../encoding/octets.js';
import { consistencyProof } from '../tree/consistency.js';
import { treeRoot } from '../tree/tree-root.js';
import type { Vkey } from '../vkey/vkey.js';
import type { ForkEvidence } from './fork-evidence.js';

/** A tree that the log signed, and who showed it. */
export type View = OpenedCheckpoint & { readonly name: string; /** The note verbatim. */ readonly source: string };

/** @throws FormatError unless the log signed it */
export function openView(name: string, note: Uint8Array, log: Vkey): View {
  const source = fromUtf8(note, 'checkpoint');
  return { name, source, ...openCheckpoint(source, log) };
}

export type Comparison =
  { readonly outcome: 'same' } | { readonly outcome: 'ahead' | 'unread' } | { readonly outcome: 'forked'; readonly evidence: ForkEvidence };

/**
 * How another view stands to the tree of `leaves`, which the log signed as `own`: the same or an earlier state of it, a
 * later one, which these leaves cannot judge, or a tree that excludes it. Without leaves (`unread`) only trees of one size
 * can be told apart.
 */
export function compareViews(own: View, leaves: readonly Uint8Array[] | undefined, other: View, log: Vkey): Comparison {
  const { size, root } = other.checkpoint;
  if (size > own.checkpoint.size) return { outcome: 'ahead' };
  const notes: ForkEvidence['notes'] = [other.source, own.source];
  if (size === own.checkpoint.size) {
    return sameOctets(own.checkpoint.root, root) ? { outcome: 'same' } : { outcome: 'forked', evidence: { log, notes } };
  }
  if (!leaves) return { outcome: 'unread' };
  const prefixRoot = treeRoot(leaves.slice(0, size));
  if (sameOctets(prefixRoot, root)) return { outcome: 'same' };
  const proof = consistencyProof(leaves, size);
  return { outcome: 'forked', evidence: { log, notes, prefix: { root: prefixRoot, proof } } };
}
