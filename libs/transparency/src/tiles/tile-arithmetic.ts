import { TILE_WIDTH, type TilePath } from './tile-path.js';

/** Hashes at a tile level of a tree: floor(size / 256^level). */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How wide the tile stands in a tree of that size, 0 when it does not exist there. */
export function tileWidth(size: number, level: number | 'entries', index: number): number {
  const hashes = hashesAtLevel(size, level === 'entries' ? 0 : level);
  return Math.min(TILE_WIDTH, Math.max(0, hashes - index * TILE_WIDTH));
}

/**
 * The tiles of hashes that a tree of `size` leaves has and one of `oldSize` has not, or has narrower, lowest level
 * first: what a log writes before it signs the larger tree.
 * @throws RangeError when the old tree is larger
 */
export function addedTiles(oldSize: number, size: number): readonly TilePath[] {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size) throw new RangeError('no such trees');
  const tiles: TilePath[] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level++) tiles.push(...addedAtLevel(oldSize, size, level));
  return tiles;
}

/** As `addedTiles`, for the bundles of entries. */
export function addedEntryBundles(oldSize: number, size: number): readonly TilePath[] {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size) throw new RangeError('no such trees');
  return addedAtLevel(oldSize, size, 0).map((tile) => ({ ...tile, level: 'entries' }));
}

function addedAtLevel(oldSize: number, size: number, level: number): readonly TilePath[] {
  const tiles: TilePath[] = [];
  const [before, now] = [hashesAtLevel(oldSize, level), hashesAtLevel(size, level)];
  if (before === now) return [];
  for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < now; index++) {
    tiles.push({ level, index, width: tileWidth(size, level, index) });
  }
  return tiles;
}
