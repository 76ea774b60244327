import { sameOctets } from '../encoding/octets.js';
import { consistencySubtrees } from './subtrees.js';
import { emptyRoot, nodeHash } from './tree-hash.js';
import { rootOfRange } from './tree-root.js';

/** A claim that the tree of `newSize` leaves with `newRoot` begins with the tree of `oldSize` leaves with `oldRoot`. */
export type ConsistencyClaim = {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

/**
 * The proof that the tree over all `leafHashes` begins with that over the first `oldSize`: RFC 6962 2.1.2.
 * @throws RangeError when there are fewer leaves
 */
export function consistencyProof(leafHashes: readonly Uint8Array[], oldSize: number): Uint8Array[] {
  return consistencySubtrees(oldSize, leafHashes.length).map(({ from, to }) => rootOfRange(leafHashes, from, to));
}

/**
 * RFC 9162 2.1.4.2, with the two ends that it leaves out as C2SP tlog-witness has them: every tree begins with the
 * empty one and with itself, proved by nothing. A proof that is longer or shorter than that pair of trees has is refused.
 */
export function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): boolean {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize) return false;
  if ([oldRoot, newRoot, ...proof].some((hash) => hash.length !== 32)) return false;
  if (oldSize === newSize) return proof.length === 0 && sameOctets(oldRoot, newRoot) && isRootOfSize(oldRoot, oldSize);
  if (oldSize === 0) return proof.length === 0 && isRootOfSize(oldRoot, 0);
  if (proof.length === 0) return false;
  const roots = rootsFromProof(oldSize, newSize, isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof);
  return roots !== undefined && sameOctets(roots.old, oldRoot) && sameOctets(roots.new, newRoot);
}

/** Both roots that the path leads to, or `undefined` when it is not as long as these trees demand. */
function rootsFromProof(
  oldSize: number,
  newSize: number,
  [seed, ...path]: readonly Uint8Array[],
): { readonly old: Uint8Array; readonly new: Uint8Array } | undefined {
  if (!seed) return undefined;
  let [node, last] = [oldSize - 1, newSize - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [old, whole] = [seed, seed];
  for (const hash of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      [old, whole] = [nodeHash(hash, old), nodeHash(hash, whole)];
      // A last node without a right neighbour rises unchanged until it is somebody's right child.
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      whole = nodeHash(whole, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? { old, new: whole } : undefined;
}

function isRootOfSize(root: Uint8Array, size: number): boolean {
  return size > 0 || sameOctets(root, emptyRoot());
}

function half(value: number): number {
  return Math.floor(value / 2);
}

/** For sizes up to 2^53 - 1, where the bit operators of numbers end at 2^32. */
function isPowerOfTwo(size: number): boolean {
  return 2 ** Math.round(Math.log2(size)) === size;
}
