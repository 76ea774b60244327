import { splitPoint } from './tree-root.js';

/** The leaves `from` up to, and without, `to`. Each is a node of the tree, complete or on its right edge. */
export type LeafRange = { readonly from: number; readonly to: number };

/**
 * The subtrees whose hashes are the inclusion path of leaf `index`, from the leaf's sibling up to the root's child:
 * RFC 6962 2.1.1.
 * @throws RangeError when there is no such leaf
 */
export function inclusionSubtrees(index: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) throw new RangeError('no such leaf');
  const subtrees: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    const left = index < middle;
    subtrees.push(left ? { from: middle, to } : { from, to: middle });
    [from, to] = left ? [from, middle] : [middle, to];
  }
  return subtrees.reverse();
}

/**
 * The subtrees whose hashes prove that the tree of `size` leaves begins with that of `oldSize`: RFC 6962 2.1.2. None
 * when the old tree is empty or the same.
 * @throws RangeError when the old tree is larger
 */
export function consistencySubtrees(oldSize: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size) throw new RangeError('no such trees');
  if (oldSize === 0 || oldSize === size) return [];
  const subtrees: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to !== oldSize) {
    const middle = from + splitPoint(to - from);
    const left = oldSize <= middle;
    subtrees.push(left ? { from: middle, to } : { from, to: middle });
    [from, to] = left ? [from, middle] : [middle, to];
  }
  // The verifier knows the old root itself; only a part of it has to be told.
  if (from > 0) subtrees.push({ from, to });
  return subtrees.reverse();
}
