import { growTiles } from '../tiles/grow-tiles.js';
import { formatTilePath } from '../tiles/tile-path.js';
import type { TileReader } from '../tiles/tile-tree.js';

/** Specs only: the tiles of a log in memory, which never change once written. */
export interface MemoryTiles extends TileReader {
  /** Appends leaf hashes to the first `oldSize`. */
  grow(oldSize: number, leafHashes: readonly Uint8Array[]): Promise<void>;
}

export function memoryTiles(): MemoryTiles {
  const tiles = new Map<string, Uint8Array>();
  const reader: TileReader = {
    async readTile(path) {
      const tile = tiles.get(formatTilePath(path));
      if (!tile) throw new Error(`no ${formatTilePath(path)}`);
      return tile;
    },
  };
  return {
    ...reader,
    async grow(oldSize, leafHashes) {
      for (const { path, bytes } of await growTiles(reader, oldSize, leafHashes)) {
        if (tiles.has(formatTilePath(path))) throw new Error(`${formatTilePath(path)} was written before`);
        tiles.set(formatTilePath(path), bytes);
      }
    },
  };
}
