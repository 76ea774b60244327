import { describe, expect, it } from '@jest/globals';
import { consistencyProof, verifyConsistency } from './consistency.js';
import { emptyRoot, leafHash } from './tree-hash.js';
import { treeRoot } from './tree-root.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** The eight entries of google/certificate-transparency (merkle_tree_test). */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(fromHex);

describe('consistency', () => {
  it('has the published proofs of the eight-leaf tree', () => {
    // google/certificate-transparency, merkle_tree_test: kSHA256Consistency.
    const leaves = ENTRIES.map(leafHash);
    expect(consistencyProof(leaves, 1).map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(consistencyProof(leaves, 6).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(consistencyProof(leaves.slice(0, 5), 2).map(hex)).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
    expect(consistencyProof(leaves, 8)).toEqual([]);
    expect(consistencyProof(leaves, 0)).toEqual([]);
  });

  it('proves every tree by every larger one up to forty leaves, by nothing shorter, longer or of another size', () => {
    const leaves = Array.from({ length: 40 }, (_, i) => leafHash(Uint8Array.of(i)));
    const roots = leaves.map((_, i) => treeRoot(leaves.slice(0, i))).concat([treeRoot(leaves)]);
    const rootOf = (size: number): Uint8Array => roots[size] ?? emptyRoot();
    for (let newSize = 0; newSize <= 40; newSize++) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(leaves.slice(0, newSize), oldSize);
        const claim = { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize), proof };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, proof: [...proof, emptyRoot()] })).toBe(false);
        if (proof.length > 0) expect(verifyConsistency({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
        if (proof.length > 0) expect(verifyConsistency({ ...claim, proof: proof.slice(1) })).toBe(false);
        if (oldSize > 0) expect(verifyConsistency({ ...claim, oldRoot: emptyRoot() })).toBe(false);
        if (oldSize > 0) expect(verifyConsistency({ ...claim, newRoot: emptyRoot() })).toBe(false);
        expect(verifyConsistency({ ...claim, oldSize: oldSize + 1, oldRoot: rootOf(oldSize) })).toBe(false);
      }
    }
  });

  it('refuses a tree that shrank, numbers that are none and hashes of another length', () => {
    const leaf = leafHash(Uint8Array.of(1));
    const same = { oldSize: 1, oldRoot: leaf, newSize: 1, newRoot: leaf, proof: [] };
    expect(verifyConsistency(same)).toBe(true);
    expect(verifyConsistency({ ...same, newSize: 0, newRoot: emptyRoot() })).toBe(false);
    expect(verifyConsistency({ ...same, oldSize: 0 })).toBe(false);
    expect(verifyConsistency({ ...same, oldSize: 0, newSize: 0 })).toBe(false);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 60]) {
      expect(verifyConsistency({ ...same, oldSize: size })).toBe(false);
      expect(verifyConsistency({ ...same, newSize: size })).toBe(false);
    }
    expect(verifyConsistency({ ...same, oldRoot: leaf.subarray(1), newRoot: leaf.subarray(1) })).toBe(false);
    expect(() => consistencyProof([leaf], 2)).toThrow(RangeError);
  });
});
