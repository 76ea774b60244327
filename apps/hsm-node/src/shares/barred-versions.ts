import { equal, type Bytes } from '@strongroom/protocol';
import type { NodeStore } from '../storage/node-store.js';

const TABLE = 'share-barred';

/**
 * Versions that never come back to this node although its log may call them living again: a confirmation that was under
 * way when they were erased ends the lock (PROTOCOL 6.6). One row per account: only the version that was living can come
 * to life again, and behind a later one it never does.
 */
export class BarredVersions {
  constructor(private readonly store: NodeStore) {}

  has(uid: Bytes, recordHash: Bytes): boolean {
    const barred = this.store.get(TABLE, uid);
    return barred !== null && equal(barred, recordHash);
  }

  /** Durable when it resolves. */
  async add(uid: Bytes, recordHash: Bytes): Promise<void> {
    await this.store.commit([{ table: TABLE, key: uid, value: recordHash }]);
  }
}
