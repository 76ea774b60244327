import {
  addedEntryBundles,
  addedTiles,
  FormatError,
  formatTilePath,
  growTiles,
  leafHash,
  MissingTile,
  openCheckpoint,
  parseEntryBundle,
  TILE_WIDTH,
  TileTree,
  type Checkpoint,
  type LogSource,
  type TilePath,
  type TileReader,
  type Vkey,
} from '@strongroom/transparency';
import { DurableFiles, type NewFile } from '../disk/durable-files.js';
import type { Disk } from '../disk/disk.js';
import { sameBytes } from '../disk/same-bytes.js';
import { DiskSource } from '../source/disk-source.js';

export type MirrorResult =
  | { readonly outcome: 'same' | 'copied'; readonly size: number }
  /** The source shows an older tree than the mirror has: a cache, or a log that was set back. */
  | { readonly outcome: 'behind'; readonly size: number }
  /** The log signed this and it does not continue what the mirror holds, or its entries are others. Kept as evidence. */
  | { readonly outcome: 'diverged'; readonly size: number; readonly reason: string };

/** A copy of a log that only ever grows by what continues it. Serve it with `logRoute(prefix, mirror.source)`. */
export class Mirror {
  readonly source: DiskSource;
  private readonly files: DurableFiles;

  constructor(
    private readonly disk: Disk,
    private readonly from: LogSource,
    private readonly vkey: Vkey,
  ) {
    this.files = new DurableFiles(disk);
    this.source = new DiskSource(disk);
  }

  /** Copies what is new. @throws FormatError for a checkpoint that is not the log's; Error when it cannot be asked */
  async sync(): Promise<MirrorResult> {
    const note = await this.from.checkpoint();
    if (!note) return { outcome: 'same', size: 0 };
    const { checkpoint } = openCheckpoint(note, this.vkey);
    const own = await this.own();
    if (own && checkpoint.size < own.size) return { outcome: 'behind', size: checkpoint.size };
    if (own && checkpoint.size === own.size) {
      if (!sameBytes(own.root, checkpoint.root)) return this.diverged(note, checkpoint.size, 'another root for the same size');
      await this.files.put([{ path: 'checkpoint', bytes: note }]);
      return { outcome: 'same', size: own.size };
    }
    return this.copy(note, checkpoint, own?.size ?? 0);
  }

  /** Everything is checked before any of it is kept, and durable before the checkpoint is. */
  private async copy(note: Uint8Array, { size, root }: Checkpoint, ownSize: number): Promise<MirrorResult> {
    const copied = await this.entriesFrom(ownSize, size);
    if (typeof copied === 'string') return this.diverged(note, size, copied);
    const tiles = await growTiles(this.source, ownSize, copied.leafHashes);
    const grown = new Map(tiles.map(({ path, bytes }) => [formatTilePath(path), bytes]));
    const overlay: TileReader = {
      readTile: async (path: TilePath) => grown.get(formatTilePath(path)) ?? this.source.readTile(path),
    };
    if (!sameBytes(await new TileTree(overlay, size).root(), root)) {
      return this.diverged(note, size, 'its entries do not lead from the mirrored tree to the root that it signed');
    }
    await this.files.putOnce([...copied.bundles, ...[...grown].map(([path, bytes]) => ({ path, bytes }))]);
    await this.files.put([{ path: 'checkpoint', bytes: note }]);
    for (const { level, index, width } of [...addedEntryBundles(ownSize, size), ...addedTiles(ownSize, size)]) {
      if (width === TILE_WIDTH) await this.disk.removeFolder(`${formatTilePath({ level, index, width })}.p`);
    }
    return { outcome: 'copied', size };
  }

  private async entriesFrom(ownSize: number, size: number): Promise<{ bundles: NewFile[]; leafHashes: Uint8Array[] } | string> {
    const bundles: NewFile[] = [];
    const leafHashes: Uint8Array[] = [];
    for (const path of addedEntryBundles(ownSize, size)) {
      const name = formatTilePath(path);
      try {
        const bytes = await this.from.readTile(path);
        const entries = parseEntryBundle(bytes).slice(0, path.width);
        if (entries.length !== path.width) return `${name} holds ${entries.length} entries`;
        const length = entries.reduce((sum, entry) => sum + 2 + entry.length, 0);
        bundles.push({ path: name, bytes: bytes.subarray(0, length) });
        leafHashes.push(...entries.slice(Math.max(0, ownSize - path.index * TILE_WIDTH)).map(leafHash));
      } catch (error) {
        if (error instanceof MissingTile || error instanceof FormatError) return `${name}: ${error.message}`;
        throw error;
      }
    }
    return { bundles, leafHashes };
  }

  private async own(): Promise<Checkpoint | undefined> {
    const kept = await this.files.read('checkpoint');
    return kept && openCheckpoint(kept, this.vkey).checkpoint;
  }

  /** Both checkpoints are signed by the log: whoever has them can show what it did. */
  private async diverged(note: Uint8Array, size: number, reason: string): Promise<MirrorResult> {
    await this.files.put([{ path: `diverged-${size}.checkpoint`, bytes: note }]);
    return { outcome: 'diverged', size, reason };
  }
}
