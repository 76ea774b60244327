import { addedTiles, tileWidth } from './tile-arithmetic.js';
import { TILE_WIDTH, type TilePath } from './tile-path.js';
import { splitTile, type TileReader } from './tile-tree.js';
import { rootOfRange } from '../tree/tree-root.js';

export type Tile = { readonly path: TilePath; readonly bytes: Uint8Array };

/**
 * The tiles to write when `leafHashes` are appended to a tree of `oldSize` leaves whose tiles `reader` has: C2SP
 * tlog-tiles. Full tiles of the old tree never change, so nothing is ever written twice with other bytes.
 * @throws FormatError when a tile of the old tree has another length; RangeError for a hash that is none
 */
export async function growTiles(reader: TileReader, oldSize: number, leafHashes: readonly Uint8Array[]): Promise<Tile[]> {
  if (leafHashes.some((hash) => hash.length !== 32)) throw new RangeError('a leaf hash has 32 bytes');
  const size = oldSize + leafHashes.length;
  const grown: Tile[] = [];
  let added = leafHashes;
  for (const level of new Set(addedTiles(oldSize, size).map(({ level: each }) => each))) {
    if (level === 'entries') continue;
    const tiles = await growLevel(reader, level, oldSize, size, added);
    grown.push(...tiles);
    // Only a full tile hashes upward.
    added = tiles
      .filter(({ path }) => path.width === TILE_WIDTH)
      .map(({ bytes }) => rootOfRange(splitTile(bytes, TILE_WIDTH), 0, TILE_WIDTH));
  }
  return grown;
}

async function growLevel(reader: TileReader, level: number, oldSize: number, size: number, added: readonly Uint8Array[]): Promise<Tile[]> {
  const tiles: Tile[] = [];
  let taken = 0;
  for (const path of addedTiles(oldSize, size).filter((tile) => tile.level === level)) {
    const before = tileWidth(oldSize, level, path.index);
    const kept = before === 0 ? [] : splitTile(await reader.readTile({ ...path, width: before }), before);
    const fresh = added.slice(taken, taken + path.width - before);
    taken += fresh.length;
    tiles.push({ path, bytes: concatenated([...kept, ...fresh]) });
  }
  return tiles;
}

function concatenated(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * 32);
  hashes.forEach((hash, i) => bytes.set(hash, i * 32));
  return bytes;
}
