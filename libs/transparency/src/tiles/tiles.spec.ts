import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FormatError } from '../errors/format-error.js';
import { memoryTiles } from '../example/memory-tiles.js';
import { consistencyProof } from '../tree/consistency.js';
import { inclusionPath } from '../tree/inclusion-path.js';
import { leafHash } from '../tree/tree-hash.js';
import { treeRoot } from '../tree/tree-root.js';
import { encodeEntryBundle, MAX_ENTRY_BYTES, parseEntryBundle } from './entry-bundle.js';
import { addedEntryBundles, addedTiles, tileWidth } from './tile-arithmetic.js';
import { formatTilePath, parseTilePath } from './tile-path.js';
import { splitTile, TileTree } from './tile-tree.js';

const leavesOf = (size: number): Uint8Array[] => Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i & 255, i >> 8)));

describe('tile paths', () => {
  it.each([
    // C2SP tlog-tiles: index 1234067.
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/x001/x234/067.p/5', { level: 0, index: 1_234_067, width: 5 }],
    ['tile/63/000', { level: 63, index: 0, width: 256 }],
    ['tile/1/x001/000.p/255', { level: 1, index: 1000, width: 255 }],
    ['tile/entries/999.p/1', { level: 'entries', index: 999, width: 1 }],
    ['tile/0/x009/x007/x199/x254/x740/991', { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }],
  ] as const)('are written and read: %s', (text, path) => {
    expect(formatTilePath(path)).toBe(text);
    expect(parseTilePath(text)).toEqual(path);
  });

  it.each([
    ...['', '/tile/0/000', 'tile/0/000/', 'tile/00/000', 'tile/64/000', 'tile/-1/000', 'tile/0/0', 'tile/0/0000', 'tile/0/001/002'],
    ...['tile/0/x000/001', 'tile/0/x001', 'tile/0/000.p/0', 'tile/0/000.p/00', 'tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/000.p'],
    ...['tile/0/x009/x007/x199/x254/x740/992', 'tile/entry/000', 'tile/0/000\n', 'tile/8/0/000', 'tile/0/../000', 'tile/0/٠٠٠'],
  ])('are refused: %j', (text) => {
    expect(() => parseTilePath(text)).toThrow(FormatError);
  });

  it('give back the text that was accepted, whatever it was', () => {
    const near = fc.stringMatching(/^tile\/(entries|\d{1,2})\/(x\d{3}\/){0,3}\d{2,4}(\.p\/\d{1,3})?$/);
    fc.assert(fc.property(near, (text) => isRefused(() => parseTilePath(text)) || formatTilePath(parseTilePath(text)) === text));
    for (const bad of [
      { level: 0, index: -1, width: 1 },
      { level: 0.5, index: 0, width: 1 },
      { level: 0, index: 0, width: 0 },
    ]) {
      expect(() => formatTilePath(bad)).toThrow(FormatError);
    }
  });
});

describe('tile arithmetic', () => {
  it('has the two examples of C2SP tlog-tiles', () => {
    const count = (size: number): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { level, width } of addedTiles(0, size)) counts[`${level}/${width}`] = (counts[`${level}/${width}`] ?? 0) + 1;
      return counts;
    };
    expect(count(70_000)).toEqual({ '0/256': 273, '0/112': 1, '1/256': 1, '1/17': 1, '2/1': 1 });
    expect(count(256)).toEqual({ '0/256': 1, '1/1': 1 });
    expect([tileWidth(70_000, 0, 273), tileWidth(70_000, 0, 274), tileWidth(70_000, 'entries', 272)]).toEqual([112, 0, 256]);
  });

  it('adds nothing that the old tree had as wide, and all that it had not', () => {
    const sizes = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const [oldSize, size] = [Math.min(a, b), Math.max(a, b)];
        const before = new Set(addedTiles(0, oldSize).map(formatTilePath));
        const added = addedTiles(oldSize, size).map(formatTilePath);
        const wanted = addedTiles(0, size).map(formatTilePath);
        expect(added).toEqual(wanted.filter((path) => !before.has(path)));
        const leaves = added.filter((path) => path.startsWith('tile/0/')).map((path) => path.replace('tile/0', 'tile/entries'));
        expect(addedEntryBundles(oldSize, size).map(formatTilePath)).toEqual(leaves);
      }),
      { numRuns: 40 },
    );
    expect(() => addedTiles(2, 1)).toThrow(RangeError);
    expect(() => addedEntryBundles(-1, 1)).toThrow(RangeError);
  });
});

describe('entry bundles', () => {
  it('give back their entries, and the bytes of whatever is accepted', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (entries) => {
        expect(parseEntryBundle(encodeEntryBundle(entries))).toEqual(entries);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        if (!isRefused(() => parseEntryBundle(bytes))) expect(encodeEntryBundle(parseEntryBundle(bytes))).toEqual(bytes);
      }),
    );
  });

  it('refuse what is cut, empty, too many or too long', () => {
    const bundle = encodeEntryBundle([Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(MAX_ENTRY_BYTES)]);
    expect(bundle.slice(0, 7)).toEqual(Uint8Array.of(0, 3, 1, 2, 3, 0, 0));
    for (const end of [0, 1, 2, 4, 6, 8, bundle.length - 1]) expect(() => parseEntryBundle(bundle.subarray(0, end))).toThrow(FormatError);
    expect(parseEntryBundle(new Uint8Array(2 * 256))).toHaveLength(256);
    expect(() => parseEntryBundle(new Uint8Array(2 * 257))).toThrow(FormatError);
    for (const entries of [[], [new Uint8Array(MAX_ENTRY_BYTES + 1)], Array.from({ length: 257 }, () => new Uint8Array(0))]) {
      expect(() => encodeEntryBundle(entries)).toThrow(FormatError);
    }
  });
});

describe('a tree in tiles', () => {
  it('has the root and proofs of the same tree in memory, however it grew, up to 130 leaves', async () => {
    const tiles = memoryTiles();
    for (let size = 0; size <= 130; size++) {
      const leaves = leavesOf(size);
      await tiles.grow(Math.max(0, size - 1), leaves.slice(Math.max(0, size - 1)));
      const tree = new TileTree(tiles, size);
      expect(await tree.root()).toEqual(treeRoot(leaves));
      for (const at of [0, size >> 1, size - 1].filter((index) => index >= 0 && index < size)) {
        expect(await tree.inclusionPath(at)).toEqual(inclusionPath(leaves, at));
        expect(await tree.consistencyProof(at + 1)).toEqual(consistencyProof(leaves, at + 1));
      }
    }
  });

  it('has them across tiles of three levels, however the leaves are split over two writes', async () => {
    for (const [first, size] of [
      [255, 256],
      [1, 257],
      [256, 513],
      [600, 1_025],
      [65_535, 65_537],
    ] as const) {
      const leaves = leavesOf(size);
      const tiles = memoryTiles();
      await tiles.grow(0, leaves.slice(0, first));
      await tiles.grow(first, leaves.slice(first));
      const tree = new TileTree(tiles, size);
      expect(await tree.root()).toEqual(treeRoot(leaves));
      expect(await tree.inclusionPath(first)).toEqual(inclusionPath(leaves, first));
      expect(await tree.consistencyProof(first)).toEqual(consistencyProof(leaves, first));
      expect(await tree.leafHash(size - 1)).toEqual(leaves[size - 1]);
    }
  });

  it('has them whatever was appended in whatever portions', async () => {
    const portions = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(portions, fc.nat(), async (counts, pick) => {
        const leaves = leavesOf(counts.reduce((sum, count) => sum + count, 0));
        const tiles = memoryTiles();
        let size = 0;
        for (const count of counts) await tiles.grow(size, leaves.slice(size, (size += count)));
        const tree = new TileTree(tiles, size);
        const index = pick % size;
        expect(await tree.root()).toEqual(treeRoot(leaves));
        expect(await tree.inclusionPath(index)).toEqual(inclusionPath(leaves, index));
        expect(await tree.consistencyProof(index + 1)).toEqual(consistencyProof(leaves, index + 1));
      }),
      { numRuns: 12 },
    );
  });

  it('refuses a tile of another length, a leaf that is not there and a larger old tree', async () => {
    const tiles = memoryTiles();
    await tiles.grow(0, leavesOf(5));
    const cut = { readTile: async (): Promise<Uint8Array> => new Uint8Array(4 * 32) };
    await expect(new TileTree(cut, 5).root()).rejects.toThrow(FormatError);
    await expect(new TileTree(tiles, 5).leafHash(5)).rejects.toThrow(RangeError);
    await expect(new TileTree(tiles, 5).inclusionPath(5)).rejects.toThrow(RangeError);
    await expect(new TileTree(tiles, 5).consistencyProof(6)).rejects.toThrow(RangeError);
    expect(() => new TileTree(tiles, -1)).toThrow(RangeError);
    await expect(tiles.grow(5, [new Uint8Array(31)])).rejects.toThrow(RangeError);
    expect(() => splitTile(new Uint8Array(33), 1)).toThrow(FormatError);
  });
});

function isRefused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof FormatError) return true;
    throw error;
  }
}
