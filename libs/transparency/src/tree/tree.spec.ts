import { describe, expect, it } from '@jest/globals';
import { inclusionPath, inclusionPaths, rootFromInclusionPath, verifyInclusion } from './inclusion-path.js';
import { emptyRoot, leafHash } from './tree-hash.js';
import { treeRoot } from './tree-root.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** The eight entries and the roots of their first 1 to 8, from google/certificate-transparency (merkle_tree_test). */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(fromHex);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
] as const;

const leavesOf = (size: number): Uint8Array[] => Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i)));

describe('tree', () => {
  it('has the published roots for one to eight leaves', () => {
    const leaves = ENTRIES.map(leafHash);
    expect(leaves.map((_, i) => hex(treeRoot(leaves.slice(0, i + 1))))).toEqual([...ROOTS]);
  });

  it('has SHA-256 of nothing as root without leaves', () => {
    expect(hex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(treeRoot([])).toEqual(emptyRoot());
  });

  it('has the published inclusion path of the first and the sixth of eight leaves', () => {
    const leaves = ENTRIES.map(leafHash);
    expect(inclusionPath(leaves, 0).map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(inclusionPath(leaves, 5).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('refuses every flipped bit of a path, every other index and every other length, in all trees up to nine leaves', () => {
    for (let size = 1; size <= 9; size++) {
      const leaves = leavesOf(size);
      const root = treeRoot(leaves);
      leaves.forEach((leaf, index) => {
        const path = inclusionPath(leaves, index);
        expect(verifyInclusion(leaf, index, size, path, root)).toBe(true);
        for (let other = 0; other < size; other++) {
          if (other !== index) expect(verifyInclusion(leaf, other, size, path, root)).toBe(false);
        }
        expect(rootFromInclusionPath(leaf, index, size, [...path, leaf])).toBeUndefined();
        if (path.length > 0) expect(rootFromInclusionPath(leaf, index, size, path.slice(0, -1))).toBeUndefined();
        for (let bit = 0; bit < path.length * 256; bit++) {
          const flipped = path.map((hash) => hash.slice());
          const target = flipped[bit >> 8];
          if (target) target[(bit >> 3) & 31] = (target[(bit >> 3) & 31] ?? 0) ^ (1 << (bit & 7));
          if (verifyInclusion(leaf, index, size, flipped, root)) throw new Error(`size ${size} index ${index} bit ${bit} accepted`);
        }
      });
    }
  });

  it('has the same root and paths when all are made at once, in all trees up to seventy leaves', () => {
    for (let size = 1; size <= 70; size++) {
      const leaves = leavesOf(size);
      expect(inclusionPaths(leaves)).toEqual({ root: treeRoot(leaves), paths: leaves.map((_, index) => inclusionPath(leaves, index)) });
    }
    expect(() => inclusionPaths([])).toThrow(RangeError);
    expect(() => inclusionPaths([new Uint8Array(31)])).toThrow(RangeError);
  });

  it('refuses numbers that make no tree and hashes of another length', () => {
    const leaf = leafHash(Uint8Array.of(1));
    for (const [index, size] of [
      [0, 0],
      [1, 1],
      [-1, 1],
      [0.5, 2],
      [0, Number.NaN],
      [0, 2 ** 60],
    ] as const) {
      expect(rootFromInclusionPath(leaf, index, size, [])).toBeUndefined();
    }
    expect(rootFromInclusionPath(leaf.subarray(1), 0, 1, [])).toBeUndefined();
    expect(rootFromInclusionPath(leaf, 0, 2, [leaf.subarray(1)])).toBeUndefined();
    expect(() => inclusionPath([leaf], 1)).toThrow(RangeError);
    expect(() => treeRoot([leaf.subarray(1)])).toThrow(RangeError);
  });
});
