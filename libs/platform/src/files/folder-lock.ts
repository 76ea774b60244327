import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { VaultError } from '@strongroom/protocol';

/** Readable and writable by the owner alone. */
const PRIVATE_FILE = 0o600;

/**
 * One process per data folder: two nodes on one set of counters would each forget what the other did, and two writers of
 * one log would sign two trees.
 *
 * Node offers no file locks, but SQLite takes the kernel's own (fcntl) for an exclusive transaction. The kernel lets go
 * of them when the process ends, however it ends, and they hold across containers that share the volume.
 */
export class FolderLock {
  private constructor(private readonly database: DatabaseSync) {}

  /** @throws CONFLICT when another process holds it */
  static take(folder: string): FolderLock {
    const path = join(folder, 'lock');
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      chmodSync(path, PRIVATE_FILE);
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return new FolderLock(database);
    } catch (cause) {
      database.close();
      if (/locked|busy/i.test(String(cause))) {
        throw new VaultError('CONFLICT', 'another process uses this data folder', { folder }, { cause });
      }
      throw new VaultError('INTERNAL', 'the data folder cannot be locked', { folder }, { cause });
    }
  }

  release(): void {
    this.database.close();
  }
}
