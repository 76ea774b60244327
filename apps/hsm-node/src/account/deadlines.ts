import { decodeMessage, encodeMessage } from '@strongroom/platform';
import { toHex, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';
import type { NodeStore } from '../storage/node-store.js';

const TABLE = 'deadlines';
const MAX_BYTES = 64;
const PAGE = 1_000;
const rowSchema = z.strictObject({ atMs: z.number(), reason: z.enum(['lock', 'deletion']) });

export type DeadlineReason = z.output<typeof rowSchema>['reason'];

export interface Deadline {
  readonly uid: Bytes;
  readonly atMs: number;
  readonly reason: DeadlineReason;
}

/** When an account's shares end without anybody asking: a lock's erase, a deletion's (PROTOCOL 5.3, 6.6). */
export class Deadlines {
  private readonly known = new Map<string, Deadline>();

  constructor(private readonly store: NodeStore) {
    for (let rows = store.scan(TABLE, { limit: PAGE }); rows.length > 0;) {
      for (const { key, value } of rows) this.known.set(toHex(key), { uid: key, ...decodeMessage(value, MAX_BYTES, rowSchema) });
      const last = rows.at(-1);
      rows = last === undefined || rows.length < PAGE ? [] : store.scan(TABLE, { limit: PAGE, after: last.key });
    }
  }

  get(uid: Bytes): Deadline | null {
    return this.known.get(toHex(uid)) ?? null;
  }

  due(nowMs: number): readonly Deadline[] {
    return [...this.known.values()].filter(({ atMs }) => atMs <= nowMs);
  }

  async set(deadline: Deadline): Promise<void> {
    const { uid, atMs, reason } = deadline;
    this.known.set(toHex(uid), deadline);
    await this.store.commit([{ table: TABLE, key: uid, value: encodeMessage({ atMs, reason }, MAX_BYTES) }]);
  }

  async clear(uid: Bytes): Promise<void> {
    if (!this.known.delete(toHex(uid))) return;
    await this.store.commit([{ table: TABLE, key: uid, value: null }]);
  }
}
