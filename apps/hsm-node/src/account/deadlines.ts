import { decodeMessage, encodeMessage } from '@strongroom/platform';
import { toHex, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';
import type { NodeStore } from '../storage/node-store.js';

const TABLE = 'deadlines';
const MAX_BYTES = 64;
const PAGE = 1_000;
const rowSchema = z.strictObject({ atMs: z.number() });

export interface Deadline {
  readonly uid: Bytes;
  readonly atMs: number;
}

/** When an account needs to be looked at again without anybody asking: a lock's erase, a pending change (PROTOCOL 5.3, 6.6). */
export class Deadlines {
  private readonly known = new Map<string, Deadline>();

  constructor(private readonly store: NodeStore) {
    for (let rows = store.scan(TABLE, { limit: PAGE }); rows.length > 0;) {
      for (const { key, value } of rows) this.known.set(toHex(key), { uid: key, ...decodeMessage(value, MAX_BYTES, rowSchema) });
      const last = rows.at(-1);
      rows = last === undefined || rows.length < PAGE ? [] : store.scan(TABLE, { limit: PAGE, after: last.key });
    }
  }

  has(uid: Bytes): boolean {
    return this.known.has(toHex(uid));
  }

  isDue(uid: Bytes, nowMs: number): boolean {
    const deadline = this.known.get(toHex(uid));
    return deadline !== undefined && deadline.atMs <= nowMs;
  }

  due(nowMs: number): readonly Deadline[] {
    return [...this.known.values()].filter(({ atMs }) => atMs <= nowMs);
  }

  async set(uid: Bytes, atMs: number): Promise<void> {
    this.known.set(toHex(uid), { uid, atMs });
    await this.store.commit([{ table: TABLE, key: uid, value: encodeMessage({ atMs }, MAX_BYTES) }]);
  }

  async clear(uid: Bytes): Promise<void> {
    if (!this.known.delete(toHex(uid))) return;
    await this.store.commit([{ table: TABLE, key: uid, value: null }]);
  }
}
