import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { openCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { sameOctets, toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { MissingTile, type LogSource } from '../source/log-source.js';
import { parseEntryBundle } from '../tiles/entry-bundle.js';
import { addedTiles, tileWidth } from '../tiles/tile-arithmetic.js';
import { formatTilePath, TILE_WIDTH, type TilePath } from '../tiles/tile-path.js';
import { splitTile } from '../tiles/tile-tree.js';
import { emptyRoot, leafHash } from '../tree/tree-hash.js';
import { treeRoot } from '../tree/tree-root.js';
import type { Vkey } from '../vkey/vkey.js';

export type FsckReport = {
  /** `failed`: the log contradicts what it signed, or lacks a part of it. */
  readonly outcome: 'ok' | 'failed';
  readonly origin: string;
  /** Of the checkpoint; 0 when that could not be read. */
  readonly size: number;
  /** Hexadecimal root that the entries lead to. */
  readonly root: string;
  /** Files that were read besides the checkpoint. */
  readonly files: number;
  readonly problems: readonly string[];
};

/** Told after each bundle of entries. */
export type FsckProgress = (done: number, size: number) => void;

/** Told of each entry in its order, with its leaf hash; nothing of it is believed before the report says `ok`. */
export type OnEntry = (entry: Uint8Array, index: number, leaf: Uint8Array) => void;

/** What is read of a log here. */
export type FsckSource = Pick<LogSource, 'checkpoint' | 'readTile'>;

/** Nobody needs the thousandth. */
const MAX_PROBLEMS = 100;

/**
 * Derives a log again from its entries: every entry hashed, every tile of every level compared, the root compared with
 * the signed checkpoint. Trusts nothing but the key.
 * @throws Error when the source cannot be asked, which says nothing about the log
 */
export function fsck(
  source: FsckSource,
  vkey: Vkey,
  onProgress: FsckProgress = () => undefined,
  onEntry: OnEntry = () => undefined,
): Promise<FsckReport> {
  return new Fsck(source, vkey, onEntry).run(onProgress);
}

class Fsck {
  private readonly problems: string[] = [];
  private files = 0;

  constructor(
    private readonly source: FsckSource,
    private readonly vkey: Vkey,
    private readonly onEntry: OnEntry,
  ) {}

  async run(onProgress: FsckProgress): Promise<FsckReport> {
    const checkpoint = await this.checkpoint();
    if (!checkpoint) return this.report(0, emptyRoot());
    const { size, root } = checkpoint;
    const leaves = await this.leaves(size, onProgress);
    if (!leaves) return this.report(size, emptyRoot());
    const derived = treeRoot(leaves);
    if (!sameOctets(derived, root)) this.problem('the entries do not lead to the root that was signed');
    await this.compareTiles(size, leaves);
    return this.report(size, derived);
  }

  private async checkpoint(): Promise<Checkpoint | undefined> {
    const note = await this.source.checkpoint();
    if (!note) return this.problem('there is no checkpoint');
    try {
      return openCheckpoint(note, this.vkey).checkpoint;
    } catch (error) {
      if (error instanceof FormatError) return this.problem(error.message);
      throw error;
    }
  }

  private async leaves(size: number, onProgress: FsckProgress): Promise<readonly Uint8Array[] | undefined> {
    const leaves: Uint8Array[] = [];
    for (const { index, width } of addedTiles(0, size).filter(({ level }) => level === 0)) {
      const path: TilePath = { level: 'entries', index, width };
      const entries = await this.part(path, (bytes) => parseEntryBundle(bytes).slice(0, width));
      if (!entries) return undefined;
      if (entries.length !== width) return this.problem(`${formatTilePath(path)} holds ${entries.length} entries`);
      for (const entry of entries) {
        const leaf = leafHash(entry);
        this.onEntry(entry, leaves.length, leaf);
        leaves.push(leaf);
      }
      onProgress(leaves.length, size);
    }
    return leaves;
  }

  /** Only full tiles hash upward, so each level follows from the one below. */
  private async compareTiles(size: number, leaves: readonly Uint8Array[]): Promise<void> {
    let hashes = leaves;
    for (let level = 0; hashes.length > 0; level += 1) {
      const above: Uint8Array[] = [];
      for (let index = 0; index * TILE_WIDTH < hashes.length; index += 1) {
        const expected = hashes.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
        await this.compareTile({ level, index, width: tileWidth(size, level, index) }, expected);
        if (expected.length === TILE_WIDTH) above.push(treeRoot(expected));
      }
      hashes = above;
    }
  }

  private async compareTile(path: TilePath, expected: readonly Uint8Array[]): Promise<void> {
    const tile = await this.part(path, (bytes) => splitTile(bytes, path.width));
    if (tile?.some((hash, i) => !sameOctets(hash, expected[i] ?? new Uint8Array(0))) === true) {
      this.problem(`${formatTilePath(path)} does not follow from the entries`);
    }
  }

  private async part<T>(path: TilePath, read: (bytes: Uint8Array) => T): Promise<T | undefined> {
    try {
      const bytes = await this.source.readTile(path);
      this.files += 1;
      return read(bytes);
    } catch (error) {
      if (error instanceof MissingTile) return this.problem(error.message);
      if (error instanceof FormatError) return this.problem(`${formatTilePath(path)}: ${error.message}`);
      throw error;
    }
  }

  private problem(reason: string): undefined {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(reason);
  }

  private report(size: number, root: Uint8Array): FsckReport {
    const outcome = this.problems.length === 0 ? 'ok' : 'failed';
    return { outcome, origin: this.vkey.name, size, root: toHex(root), files: this.files, problems: this.problems };
  }
}
