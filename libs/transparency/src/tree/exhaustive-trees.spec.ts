import { describe, expect, it } from '@jest/globals';
import { verifyConsistency } from './consistency.js';
import { verifyInclusion } from './inclusion-path.js';
import { rootBeforeLast } from './root-before-last.js';
import { consistencySubtrees, inclusionSubtrees, type LeafRange } from './subtrees.js';
import { emptyRoot, leafHash, nodeHash } from './tree-hash.js';
import { splitPoint } from './tree-root.js';

const LARGEST = 130;
const LEAVES = Array.from({ length: LARGEST }, (_, i) => leafHash(Uint8Array.of(i)));

/** Every subtree of every tree, hashed once. */
const nodes = new Map<string, Uint8Array>();
/** The two halves of every inner node of them. */
const pairs: { readonly left: Uint8Array; readonly right: Uint8Array }[] = [];

function hashOf({ from, to }: LeafRange): Uint8Array {
  const name = `${from}-${to}`;
  const hash = nodes.get(name) ?? (to - from === 1 ? leafOf(from) : joined(from, to));
  nodes.set(name, hash);
  return hash;
}

function joined(from: number, to: number): Uint8Array {
  const middle = from + splitPoint(to - from);
  const [left, right] = [hashOf({ from, to: middle }), hashOf({ from: middle, to })];
  pairs.push({ left, right });
  return nodeHash(left, right);
}

function leafOf(index: number): Uint8Array {
  const leaf = LEAVES[index];
  if (!leaf) throw new RangeError('no such leaf');
  return leaf;
}

const rootOf = (size: number): Uint8Array => (size === 0 ? emptyRoot() : hashOf({ from: 0, to: size }));
/** The first 53 bits: two hashes that share them would be one in 2^53. */
function nameOf(hash: Uint8Array): number {
  const view = new DataView(hash.buffer, hash.byteOffset);
  return view.getUint32(0) * 2 ** 21 + (view.getUint32(4) >>> 11);
}

/** The proof with one bit of the hash at `place` turned over; another bit each time, so that all 256 have their turn. */
let turn = 0;
function flipped(proof: readonly Uint8Array[], place: number): Uint8Array[] {
  const bit = turn++ % 256;
  return proof.map((hash, i) => (i === place ? hash.with(bit >> 3, (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))) : hash));
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

describe('all trees up to 130 leaves', () => {
  it('prove every leaf, and not with a flipped bit in any hash of the path', () => {
    for (let size = 1; size <= LARGEST; size++) {
      for (let index = 0; index < size; index++) {
        const path = inclusionSubtrees(index, size).map(hashOf);
        const verifies = (hashes: readonly Uint8Array[]): boolean => verifyInclusion(leafOf(index), index, size, hashes, rootOf(size));
        check(verifies(path), `leaf ${index} of ${size}`);
        path.forEach((_, i) => check(!verifies(flipped(path, i)), `leaf ${index} of ${size}, hash ${i}`));
        check(!verifies([...path, leafOf(0)]) && (size === 1 || !verifies(path.slice(1))), `leaf ${index} of ${size}, another length`);
      }
    }
  });

  it('prove every smaller one, and not with a flipped bit in any hash of the proof', () => {
    for (let newSize = 0; newSize <= LARGEST; newSize++) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = consistencySubtrees(oldSize, newSize).map(hashOf);
        const claim = { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize) };
        check(verifyConsistency({ ...claim, proof }), `${oldSize} in ${newSize}`);
        proof.forEach((_, i) => check(!verifyConsistency({ ...claim, proof: flipped(proof, i) }), `${oldSize} in ${newSize}, hash ${i}`));
        check(!verifyConsistency({ ...claim, proof: [...proof, leafOf(0)] }), `${oldSize} in ${newSize}, too long`);
      }
    }
  });

  it('have in the last path the whole tree before it', () => {
    for (let size = 1; size <= LARGEST; size++) {
      expect(rootBeforeLast(inclusionSubtrees(size - 1, size).map(hashOf))).toEqual(rootOf(size - 1));
    }
  });

  it('have no hash that a flipped bit in one of its halves would leave as it is, or make another one of theirs', () => {
    rootOf(LARGEST);
    const known = new Set([...nodes.values()].map(nameOf));
    expect(known.size).toBe(nodes.size);
    const one = new Uint8Array(64);
    for (const { left, right } of pairs) {
      one.set(left);
      one.set(right, 32);
      for (let bit = 0; bit < 512; bit++) {
        one[bit >> 3] = (one[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        check(!known.has(nameOf(nodeHash(one.subarray(0, 32), one.subarray(32)))), `bit ${bit}`);
        one[bit >> 3] = (one[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
    }
  });
});
