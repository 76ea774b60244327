import { emptyRoot, nodeHash } from './tree-hash.js';

/**
 * The root of the tree without its last leaf, from that leaf's inclusion path: every sibling on the way is to its left,
 * and together they are all that stood there before (RFC 6962 2.1). The path must have been verified for the last leaf.
 */
export function rootBeforeLast(path: readonly Uint8Array[]): Uint8Array {
  const [first, ...rest] = path;
  return first ? rest.reduce((root, left) => nodeHash(left, root), first) : emptyRoot();
}
