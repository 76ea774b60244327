import { FormatError } from '../errors/format-error.js';
import { consistencySubtrees, inclusionSubtrees, type LeafRange } from '../tree/subtrees.js';
import { emptyRoot, nodeHash } from '../tree/tree-hash.js';
import { rootOfRange, splitPoint } from '../tree/tree-root.js';
import { TILE_WIDTH, type TilePath } from './tile-path.js';
import { tileWidth } from './tile-arithmetic.js';

/** Whatever holds the tiles of a log: a disk, a web server, a test. */
export interface TileReader {
  /**
   * The bytes of exactly this tile, 32 for each hash. A reader that has only the full tile where a partial one is asked
   * for gives that one's first `width` hashes. Rejects when it has neither.
   */
  readTile(path: TilePath): Promise<Uint8Array>;
}

/**
 * Root and proofs of the tree of `size` leaves that tiles hold. What an honest log computes with it is right; what
 * another's tiles lead to proves nothing by itself: compare the root with a checkpoint, or verify the proof.
 * Each tile is read once. Every method throws FormatError when a tile has another length than that tree's.
 */
export class TileTree {
  private readonly tiles = new Map<string, Promise<readonly Uint8Array[]>>();

  /** @throws RangeError when `size` is no number of leaves */
  constructor(
    private readonly reader: TileReader,
    readonly size: number,
  ) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('no such tree');
  }

  async root(): Promise<Uint8Array> {
    return this.size === 0 ? emptyRoot() : this.rootOf({ from: 0, to: this.size });
  }

  /** As `inclusionPath`. @throws RangeError when there is no such leaf */
  async inclusionPath(index: number): Promise<Uint8Array[]> {
    return Promise.all(inclusionSubtrees(index, this.size).map((range) => this.rootOf(range)));
  }

  /** As `consistencyProof`. @throws RangeError when the old tree is larger */
  async consistencyProof(oldSize: number): Promise<Uint8Array[]> {
    return Promise.all(consistencySubtrees(oldSize, this.size).map((range) => this.rootOf(range)));
  }

  /** The leaf hash at `index`. @throws RangeError when there is no such leaf */
  async leafHash(index: number): Promise<Uint8Array> {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.size) throw new RangeError('no such leaf');
    return this.rootOf({ from: index, to: index + 1 });
  }

  private async rootOf({ from, to }: LeafRange): Promise<Uint8Array> {
    const leaves = to - from;
    const level = tileLevelOf(leaves);
    if (level !== undefined) {
      const unit = TILE_WIDTH ** level;
      const first = from / unit;
      const tile = await this.hashesOf(level, Math.floor(first / TILE_WIDTH));
      return rootOfRange(tile, first % TILE_WIDTH, (first % TILE_WIDTH) + leaves / unit);
    }
    const middle = from + splitPoint(leaves);
    const [left, right] = await Promise.all([this.rootOf({ from, to: middle }), this.rootOf({ from: middle, to })]);
    return nodeHash(left, right);
  }

  private hashesOf(level: number, index: number): Promise<readonly Uint8Array[]> {
    const key = `${level}/${index}`;
    const known = this.tiles.get(key) ?? this.load({ level, index, width: tileWidth(this.size, level, index) });
    this.tiles.set(key, known);
    return known;
  }

  private async load(path: TilePath): Promise<readonly Uint8Array[]> {
    return splitTile(await this.reader.readTile(path), path.width);
  }
}

/** The hashes of a tile. @throws FormatError when they are not `width` many */
export function splitTile(tile: Uint8Array, width: number): Uint8Array[] {
  if (tile.length !== width * 32) throw new FormatError('tile', `does not hold ${width} hashes`);
  return Array.from({ length: width }, (_, i) => tile.slice(i * 32, i * 32 + 32));
}

/** The tile level that holds the hashes right below the root of a complete subtree, or `undefined` for other numbers of leaves. */
function tileLevelOf(leaves: number): number | undefined {
  const height = Math.round(Math.log2(leaves));
  // A subtree as high as a whole tile is one hash of the tile above.
  return 2 ** height === leaves ? Math.floor(height / 8) : undefined;
}
