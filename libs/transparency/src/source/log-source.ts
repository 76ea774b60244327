import { addedTiles } from '../tiles/tile-arithmetic.js';
import { formatTilePath, TILE_WIDTH, type TilePath } from '../tiles/tile-path.js';
import { splitTile, type TileReader } from '../tiles/tile-tree.js';

/** A log's public files, wherever they are: C2SP tlog-tiles. */
export abstract class LogSource implements TileReader {
  /** The newest checkpoint, or `undefined` when there is none. @throws Error when the source cannot be asked */
  abstract checkpoint(): Promise<Uint8Array | undefined>;

  /** One file under its tile path, or `undefined` when there is none. @throws Error when the source cannot be asked */
  abstract file(path: string): Promise<Uint8Array | undefined>;

  /**
   * As `TileReader` says; where a partial tile or bundle is gone, the full one of the same place may stand for it.
   * @throws MissingTile when there is neither
   */
  async readTile(path: TilePath): Promise<Uint8Array> {
    const exact = await this.file(formatTilePath(path));
    if (exact) return exact;
    const full = path.width < TILE_WIDTH ? await this.file(formatTilePath({ ...path, width: TILE_WIDTH })) : undefined;
    if (!full) throw new MissingTile(path);
    return path.level === 'entries' ? full : full.subarray(0, path.width * 32);
  }

  /** All leaf hashes of a tree, from the tiles of level 0. @throws MissingTile, FormatError */
  async leafHashes(size: number): Promise<Uint8Array[]> {
    const leaves: Uint8Array[] = [];
    for (const path of addedTiles(0, size).filter(({ level }) => level === 0)) {
      leaves.push(...splitTile(await this.readTile(path), path.width));
    }
    return leaves;
  }
}

/** The source answered, or did not, in a way that says nothing about the log. */
export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable';
}

/** The log does not have what its checkpoint says that it has. */
export class MissingTile extends Error {
  override readonly name = 'MissingTile';

  constructor(path: TilePath) {
    super(`there is no ${formatTilePath(path)}`);
  }
}
