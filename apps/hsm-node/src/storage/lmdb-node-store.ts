import { mkdirSync } from 'node:fs';
import { concat, VaultError, type Bytes } from '@strongroom/protocol';
import { open, type RootDatabase } from 'lmdb';
import type { Keystore } from '../keystore/keystore.js';
import { CommitGroups } from './commit-groups.js';
import { PRIVATE_FOLDER } from './durable-file.js';
import { NodeStore, type ScanOptions, type StoreRow, type StoreWrite } from './node-store.js';
import { RowCodec } from './row-codec.js';

interface SealedRow {
  readonly name: Bytes;
  readonly sealed: Bytes | null;
}

/**
 * NodeStore on LMDB: copy-on-write pages, so that a crash at any moment leaves the last durable commit whole.
 *
 * `overlappingSync: false` is what makes a resolved promise mean durable: by default lmdb-js resolves when a commit is
 * visible and flushes later. Old pages stay in the file until they are reused: what must be destroyable is ciphertext
 * under a key of `KeySlots` before it comes here.
 */
export class LmdbNodeStore extends NodeStore {
  private readonly codec: RowCodec;
  private readonly groups: CommitGroups<SealedRow>;

  private constructor(
    private readonly database: RootDatabase<Bytes, Buffer>,
    keystore: Keystore,
    onFailure?: (failure: VaultError) => void,
  ) {
    super();
    this.codec = new RowCodec(keystore);
    this.groups = new CommitGroups((rows) => this.write(rows), onFailure);
  }

  /**
   * Opens or creates the store in `folder`, which nobody but the node's user may enter.
   * @param onFailure told once when the disk failed: nothing can be written any more before a restart
   * @throws INTERNAL
   */
  static open(folder: string, keystore: Keystore, onFailure?: (failure: VaultError) => void): LmdbNodeStore {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    try {
      const database = open<Bytes, Buffer>({
        path: folder,
        noSubdir: false,
        encoding: 'binary',
        keyEncoding: 'binary',
        overlappingSync: false,
      });
      return new LmdbNodeStore(database, keystore, onFailure);
    } catch (cause) {
      throw new VaultError('INTERNAL', 'the store cannot be opened', {}, { cause });
    }
  }

  get(table: string, key: Bytes): Bytes | null {
    const name = this.codec.name(table, key);
    const sealed = this.database.getBinary(buffer(name));
    return sealed === undefined ? null : this.codec.open(table, name, sealed).value;
  }

  scan(table: string, { after, limit }: ScanOptions): readonly StoreRow[] {
    const prefix = this.codec.prefix(table);
    const start = after === undefined ? prefix : concat(this.codec.name(table, after), Uint8Array.of(0));
    const end = concat(prefix, new Uint8Array(33).fill(0xff));
    const range = this.database.getRange({ start: buffer(start), end: buffer(end), limit });
    return Array.from(range, ({ key, value }) => this.codec.open(table, key, value));
  }

  async commit(writes: readonly StoreWrite[]): Promise<void> {
    const rows = writes.map(({ table, key, value }) => {
      const name = this.codec.name(table, key);
      return { name, sealed: value === null ? null : this.codec.seal(table, name, { key, value }) };
    });
    await this.groups.add(rows);
  }

  async close(): Promise<void> {
    await this.groups.idle();
    await this.database.close();
  }

  /** Every put and remove made in one turn is one LMDB transaction: all of it or nothing. */
  private async write(rows: readonly SealedRow[]): Promise<void> {
    let last: Promise<boolean> | undefined;
    for (const { name, sealed } of rows) {
      last = sealed === null ? this.database.remove(buffer(name)) : this.database.put(buffer(name), buffer(sealed));
    }
    await last;
  }
}

function buffer(bytes: Bytes): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
