import { emptyRoot, nodeHash } from './tree-hash.js';

/** The RFC 6962 2.1 tree head over leaf hashes (32 bytes each, made by `leafHash`), in order. */
export function treeRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  if (leafHashes.length === 0) return emptyRoot();
  return rootOfRange(leafHashes, 0, leafHashes.length);
}

/** The root of `leafHashes[from..to)`, which is not empty. */
export function rootOfRange(leafHashes: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to - from === 1) {
    const leaf = leafHashes[from];
    if (leaf?.length !== 32) throw new RangeError('a leaf hash has 32 bytes');
    return leaf;
  }
  const middle = from + splitPoint(to - from);
  return nodeHash(rootOfRange(leafHashes, from, middle), rootOfRange(leafHashes, middle, to));
}

/** The largest power of two smaller than `size` (size > 1). */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
