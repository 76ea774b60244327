import {
  bundleDigest,
  FormatError,
  inclusionSubtrees,
  nodeHash,
  openBundleProof,
  parseNote,
  readCheckpoint,
  type LeafRange,
} from '@strongroom/transparency';
import { hexOf } from '../judge/seen.js';

/** One node of the picture: the leaf, a node on the way to the root, or a sibling whose hash the proof carries. */
export type TreeNode = {
  readonly role: 'leaf' | 'way' | 'root' | 'sibling';
  /** The leaves below it. */
  readonly range: LeafRange;
  /** Levels above the leaf. */
  readonly level: number;
  /** -1: to the left of the way; 1: to its right; 0: on it. */
  readonly side: -1 | 0 | 1;
  /** In hexadecimal. */
  readonly hash: string;
};

export type TreePicture = {
  readonly index: number;
  readonly size: number;
  readonly nodes: readonly TreeNode[];
  /** Whether the way ends in the root of the checkpoint. */
  readonly meets: boolean;
};

type Claim = {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
};

/**
 * The way from the bundle's leaf to the root that the checkpoint names, computed from the proof; `undefined` where the text shows
 * none. A picture of check 12, which is who decides.
 */
export function treePicture(source: string): TreePicture | undefined {
  const claim = claimOf(source);
  if (!claim || claim.index >= claim.size) return undefined;
  const { index, size, leaf, path, root } = claim;
  const siblings = inclusionSubtrees(index, size);
  if (siblings.length !== path.length) return undefined;
  let [way, hash]: [LeafRange, Uint8Array] = [{ from: index, to: index + 1 }, leaf];
  const nodes: TreeNode[] = [{ role: size === 1 ? 'root' : 'leaf', range: way, level: 0, side: 0, hash: hexOf(hash) }];
  for (const [level, sibling] of siblings.entries()) {
    const carried = path[level] ?? new Uint8Array();
    const left = sibling.to <= way.from;
    nodes.push({ role: 'sibling', range: sibling, level, side: left ? -1 : 1, hash: hexOf(carried) });
    hash = left ? nodeHash(carried, hash) : nodeHash(hash, carried);
    way = { from: Math.min(way.from, sibling.from), to: Math.max(way.to, sibling.to) };
    nodes.push({ role: level === siblings.length - 1 ? 'root' : 'way', range: way, level: level + 1, side: 0, hash: hexOf(hash) });
  }
  return { index, size, nodes, meets: hexOf(hash) === hexOf(root) };
}

function claimOf(source: string): Claim | undefined {
  try {
    const { note, index, path, checkpoint } = openBundleProof(source);
    const { size, root } = readCheckpoint(checkpoint).checkpoint;
    return { index, size, leaf: bundleDigest(parseNote(note).text), path, root };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Leaves are numbered from 0, as the log does. */
export function rangeName({ from, to }: LeafRange): string {
  return to - from === 1 ? String(from) : `${from}\u2013${to - 1}`;
}
