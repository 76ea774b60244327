import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import { FolderLock } from '@strongroom/platform';
import { VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import { SealedFileKeystore } from '../keystore/sealed-file-keystore.js';
import { PRIVATE_FOLDER } from './durable-file.js';
import { FileKeySlots } from './file-key-slots.js';
import type { KeySlots } from './key-slots.js';
import { LmdbNodeStore } from './lmdb-node-store.js';
import type { NodeStore } from './node-store.js';

export interface DataFolderOptions {
  readonly folder: string;
  /** Path of the file with the keystore's passphrase; its last line feed does not count. */
  readonly passphraseFile: string | undefined;
  readonly random: RandomSource;
  /** Told when the disk failed for good: a node that can write nothing must end, not look alive. */
  readonly onFailure?: (failure: VaultError) => void;
}

/** Whoever writes to a folder that is being closed meets a failure of its own making, which is none of the disk. */
class FailureWatch {
  private over = false;

  constructor(private readonly tell: (failure: VaultError) => void = () => undefined) {}

  readonly failed = (failure: VaultError): void => {
    if (!this.over) this.tell(failure);
  };

  end(): void {
    this.over = true;
  }
}

/** Everything that a node keeps, in one folder that one process has at a time: `lock`, `keystore.*`, `store/`, `key-slots`. */
export class DataFolder implements OnApplicationShutdown {
  private constructor(
    readonly keystore: Keystore,
    readonly store: NodeStore,
    readonly slots: KeySlots,
    private readonly lock: FolderLock,
    private readonly watch: FailureWatch,
  ) {}

  /** @throws CONFLICT when another process has it; INTERNAL, naming the file, when the keystore cannot be opened */
  static async open({ folder, passphraseFile, random, onFailure }: DataFolderOptions): Promise<DataFolder> {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const lock = FolderLock.take(folder);
    const watch = new FailureWatch(onFailure);
    try {
      const storePath = join(folder, 'store');
      const passphrase = passphraseFile === undefined ? null : readPassphrase(passphraseFile);
      const keystore = SealedFileKeystore.open({ folder, passphrase, mayCreate: !existsSync(storePath), random });
      const store = LmdbNodeStore.open(storePath, keystore, watch.failed);
      const slots = await FileKeySlots.open(join(folder, 'key-slots'), keystore, random, watch.failed);
      return new DataFolder(keystore, store, slots, lock, watch);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.watch.end();
    await this.store.close();
    await this.slots.close();
    this.lock.release();
  }
}

function readPassphrase(path: string): Bytes {
  try {
    const content = readFileSync(path);
    return content.at(-1) === 0x0a ? content.subarray(0, -1) : content;
  } catch (cause) {
    throw new VaultError('INTERNAL', 'the passphrase file cannot be read', { file: 'KEYSTORE_PASSPHRASE_FILE' }, { cause });
  }
}
