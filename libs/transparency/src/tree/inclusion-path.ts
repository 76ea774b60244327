import { inclusionSubtrees } from './subtrees.js';
import { nodeHash } from './tree-hash.js';
import { rootOfRange, splitPoint } from './tree-root.js';

/**
 * The inclusion path of leaf `index` (from 0) in the tree over `leafHashes`, from the leaf's sibling up to the root's
 * child: RFC 6962 2.1.1. A tree of one leaf has an empty path.
 * @throws RangeError when there is no such leaf
 */
export function inclusionPath(leafHashes: readonly Uint8Array[], index: number): Uint8Array[] {
  return inclusionSubtrees(index, leafHashes.length).map(({ from, to }) => rootOfRange(leafHashes, from, to));
}

/**
 * Root and inclusion paths of all leaves at once, with each inner node hashed once: one path after the other would hash
 * nearly the whole tree for each.
 * @throws RangeError without leaves
 */
export function inclusionPaths(leafHashes: readonly Uint8Array[]): { readonly root: Uint8Array; readonly paths: readonly Uint8Array[][] } {
  if (leafHashes.length === 0) throw new RangeError('no such leaf');
  const paths = leafHashes.map((): Uint8Array[] => []);
  return { root: rootAppending(leafHashes, 0, leafHashes.length, paths), paths };
}

/** The root of `leafHashes[from..to)`; puts the hash of each half at the end of every path in the other half. */
function rootAppending(leafHashes: readonly Uint8Array[], from: number, to: number, paths: readonly Uint8Array[][]): Uint8Array {
  if (to - from === 1) return rootOfRange(leafHashes, from, to);
  const middle = from + splitPoint(to - from);
  const left = rootAppending(leafHashes, from, middle, paths);
  const right = rootAppending(leafHashes, middle, to, paths);
  for (let i = from; i < to; i++) paths[i]?.push(i < middle ? right : left);
  return nodeHash(left, right);
}

/**
 * The root that `path` leads to from leaf `index` of a tree of `size` leaves (RFC 9162 2.1.3.2), or `undefined` when
 * the numbers make no tree or the path is longer or shorter than that tree's. The caller compares the result with a
 * root that it trusts.
 */
export function rootFromInclusionPath(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Uint8Array | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined;
  if (leaf.length !== 32 || path.some((hash) => hash.length !== 32)) return undefined;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // A last node without a right neighbour rises unchanged until it is somebody's right child.
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

/** Whether `path` proves that leaf `index` of a tree of `size` leaves with that `root` has this leaf hash. */
export function verifyInclusion(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[], root: Uint8Array): boolean {
  const computed = rootFromInclusionPath(leaf, index, size, path);
  return computed !== undefined && root.length === 32 && computed.every((byte, i) => byte === root[i]);
}
