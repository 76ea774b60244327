import { invalid, VaultError } from '@strongroom/protocol';
import {
  assembleNote,
  formatCheckpoint,
  leafHash,
  MAX_ENTRY_BYTES,
  openCheckpoint,
  signCheckpoint,
  TileTree,
  verifyConsistency,
  type Checkpoint,
  type Ed25519Signer,
  type Vkey,
} from '@strongroom/transparency';
import { DurableFiles } from '../disk/durable-files.js';
import type { Disk } from '../disk/disk.js';
import { filesOfBatch, supersededFolders } from './grow-log.js';
import { CHECKPOINT, loadLog, nameOf, NEXT, remember, type LogState } from './log-state.js';
import { DiskSource } from '../source/disk-source.js';
import { encodeBatch, type Batch } from './next-batch.js';

/** A log of one origin: what its disk holds, and the one way to add to it. Whoever opens it holds the folder's lock. */
export class LogWriter {
  private readonly files: DurableFiles;
  private readonly tiles: DiskSource;
  private state: LogState | undefined;

  private constructor(
    disk: Disk,
    /** The key's name is the log's origin. */
    readonly vkey: Vkey,
    private readonly signer: Ed25519Signer,
  ) {
    this.files = new DurableFiles(disk);
    this.tiles = new DiskSource(this.files);
  }

  /** @throws INTERNAL when the disk contradicts itself: then the log signs nothing */
  static async open(disk: Disk, vkey: Vkey, signer: Ed25519Signer): Promise<LogWriter> {
    const writer = new LogWriter(disk, vkey, signer);
    await writer.recover();
    return writer;
  }

  /** @throws FLEET_UNAVAILABLE between a failure of the disk and `recover` */
  get current(): LogState {
    if (!this.state) throw new VaultError('FLEET_UNAVAILABLE', 'the log waits for its disk');
    return this.state;
  }

  /** The index that an entry has, or `undefined` when the signed tree does not hold it. */
  indexOf(leaf: Uint8Array): number | undefined {
    return this.current.indexes.get(nameOf(leaf));
  }

  /** The tree of the newest checkpoint, for proofs. */
  tree(size: number = this.current.checkpoint.size): TileTree {
    return new TileTree(this.tiles, size);
  }

  /**
   * Goes on from what the disk holds. What a process before this one began is finished with the same entries, because
   * it may have signed them. What it left in memory alone is written again before anything is built on it.
   * @throws INTERNAL when the disk contradicts itself: then the log signs nothing
   */
  async recover(): Promise<void> {
    this.state = undefined;
    const loaded = await loadLog(this.files, this.vkey);
    if (loaded) {
      await this.files.put([{ path: CHECKPOINT, bytes: Buffer.from(loaded.state.note) }]);
      this.state = loaded.state;
      if (loaded.next) await this.append(loaded.next.entries);
      return;
    }
    const empty = { origin: this.vkey.name, size: 0, root: await new TileTree(this.tiles, 0).root() };
    this.state = { ...(await this.signed(empty)), indexes: new Map() };
  }

  /**
   * Appends in this order and signs the tree. One call at a time. What is known already is the caller's to leave out.
   * After a failure nothing more is done before `recover`.
   * @throws REQUEST_INVALID for an entry that is empty or longer than 65,535 bytes; the disk's error
   */
  async append(entries: readonly Uint8Array[]): Promise<void> {
    if (!entries.every(isEntry)) throw invalid('entry', 'is empty or too long');
    const { checkpoint: old, indexes } = this.current;
    const batch: Batch = { from: old.size, entries };
    this.state = undefined;
    // Once this is durable the batch is what comes next, whatever crashes; before that nothing of it is anywhere.
    await this.files.put([{ path: NEXT, bytes: encodeBatch(this.vkey.name, batch) }]);
    const added = await filesOfBatch(this.files, batch);
    await this.files.putOnce(added);
    const size = old.size + entries.length;
    // Root and consistency come from the files again, not from memory: what is signed is what lies there.
    const tree = new TileTree(this.tiles, size);
    const checkpoint: Checkpoint = { origin: this.vkey.name, size, root: await tree.root() };
    const proof = await tree.consistencyProof(old.size);
    if (!verifyConsistency({ oldSize: old.size, oldRoot: old.root, newSize: size, newRoot: checkpoint.root, proof })) {
      throw new VaultError('INTERNAL', 'the tiles do not continue the tree that was signed');
    }
    const signed = await this.signed(checkpoint);
    entries.forEach((entry, i) => remember(indexes, leafHash(entry), old.size + i));
    this.state = { ...signed, indexes };
    for (const folder of supersededFolders(added.map(({ path }) => path))) await this.files.disk.removeFolder(folder);
  }

  /**
   * Publishes the newest checkpoint with cosignatures; one that is no longer the newest changes nothing.
   * @throws FormatError unless this log signed it
   */
  async publish(note: string): Promise<void> {
    const state = this.current;
    const opened = openCheckpoint(note, this.vkey);
    if (opened.note.text !== formatCheckpoint(state.checkpoint)) return;
    await this.files.put([{ path: CHECKPOINT, bytes: Buffer.from(note) }]);
    this.state = { ...state, note };
  }

  /** Everything below is durable when this is called; the signature leaves only once it is durable too. */
  private async signed(checkpoint: Checkpoint): Promise<{ checkpoint: Checkpoint; note: string }> {
    const note = assembleNote(formatCheckpoint(checkpoint), [signCheckpoint(checkpoint, this.signer)]);
    await this.files.put([{ path: CHECKPOINT, bytes: Buffer.from(note) }]);
    return { checkpoint, note };
  }
}

/** The length of an entry is a u16 (C2SP tlog-tiles), and one without bytes would say nothing. */
export function isEntry(entry: Uint8Array): boolean {
  return entry.length >= 1 && entry.length <= MAX_ENTRY_BYTES;
}
