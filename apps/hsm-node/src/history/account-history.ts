import { bytes } from '@strongroom/contracts';
import { decodeMessage, encodeMessage } from '@strongroom/platform';
import {
  ByteWriter,
  concat,
  ENTRY_KINDS,
  entryId,
  HISTORY_RETENTION_MS,
  historyRange,
  logValueHash,
  MAX_HISTORY,
  VaultError,
  type AccountState,
  type Bytes,
  type HistoryItem,
  type HistoryPage,
  type LogEffect,
} from '@strongroom/protocol';
import { z } from 'zod';
import type { AccountEffect } from '../log/outgoing-batch.js';
import type { NodeStore, StoreWrite } from '../storage/node-store.js';

const ITEMS = 'history';
const CONFIRMATIONS = 'history-confirmed';
const MAX_ROW_BYTES = 512;
/** Stamps of one log may fall back by the allowed skew: rows stay longer than they are told, so that none is missing in between. */
const SLACK_MS = 60 * 60_000;

/** Decisions of one account that a flush under way may hold. */
const MAX_UNDER_WAY = 16;

export interface HeldRange {
  readonly index: number;
  readonly from: number;
}

const itemSchema = z.strictObject({
  kind: z.enum(ENTRY_KINDS),
  id: bytes(32),
  ver: z.int(),
  bindingKey: bytes(32),
  byOwner: z.boolean(),
  stampMs: z.number(),
  valueHash: bytes(32),
  confirmKey: bytes(32).nullable(),
  seenAtMs: z.number(),
});

/**
 * What an owner may see of an account's log (PROTOCOL 4.7): a row for each decided entry, without token and without what
 * an attempt was made of, and one for each confirmation. They go into the flush of the decision itself, outlive locks and
 * epochs, and end after 90 days, behind the newest 512, or when the owner deletes the account.
 */
export class AccountHistory {
  constructor(
    private readonly store: NodeStore,
    private readonly nowMs: () => number,
  ) {}

  /** What belongs on the disk together with `effect`. @param state of the account, with the decided entry in it */
  writes({ uid, effect }: Pick<AccountEffect, 'uid' | 'effect'>, state: AccountState): readonly StoreWrite[] {
    if (effect.kind === 'confirmed') return this.confirmationWrites(uid, effect.confirmation.index, effect.confirmation.signature);
    return effect.kind === 'decided' ? this.decidedWrites(uid, effect, state) : [];
  }

  /**
   * What is told of an account whose log has `decided` entries: from where to where, `from` being index + 1 for nothing.
   * The newest decisions may not be on the disk yet, and are told when they are.
   */
  held(uid: Bytes, decided: number): HeldRange {
    let index = decided;
    while (index > 0 && index > decided - MAX_UNDER_WAY && this.item(uid, index) === null) index--;
    if (this.item(uid, index) === null) return { index: decided, from: decided + 1 };
    const from = this.lowest(index, (at) => {
      const item = this.item(uid, at);
      return item !== null && this.nowMs() - item.stampMs < HISTORY_RETENTION_MS;
    });
    return { index, from };
  }

  /** @param before of the query, 0 for the newest page @throws INTERNAL when a row in between is missing */
  page(uid: Bytes, held: HeldRange, before: number): HistoryPage {
    const { first, count } = historyRange(held, before);
    const items = Array.from({ length: count }, (_, i) => {
      const item = this.item(uid, first + i);
      if (item === null) throw new VaultError('INTERNAL', 'an entry is missing in the history', { index: first + i });
      return { ...item, confirmation: this.store.get(CONFIRMATIONS, keyOf(uid, first + i)) };
    });
    return { first, items };
  }

  /** Removes what is older than it may be. @returns rows removed */
  async prune(uid: Bytes, index: number): Promise<number> {
    const writes: StoreWrite[] = [];
    for (let at = this.lowest(index, (each) => this.item(uid, each) !== null); at <= index; at++) {
      const item = this.item(uid, at);
      if (item === null || this.nowMs() - item.stampMs < HISTORY_RETENTION_MS + SLACK_MS) break;
      writes.push(...removals(uid, at));
    }
    if (writes.length > 0) await this.store.commit(writes);
    return writes.length / 2;
  }

  private decidedWrites(uid: Bytes, effect: Extract<LogEffect, { kind: 'decided' }>, state: AccountState): readonly StoreWrite[] {
    const { index, value, logValue } = effect;
    const { core, ownerSignature } = logValue.entry;
    const nowMs = this.nowMs();
    const byOwner = ownerSignature !== null;
    // Only the owner's own deletion ends what the owner may see: a thief's must not cover its tracks.
    const over = core.kind === 'delete' && byOwner ? this.below(uid, index) : removals(uid, index - MAX_HISTORY);
    if (nowMs - logValue.stampMs >= HISTORY_RETENTION_MS + SLACK_MS) return over;
    const confirmKey = state.marks.find((mark) => mark.index === index)?.confirmKey ?? null;
    const { kind, ver, bindingKey } = core;
    const item = { kind, id: entryId(core), ver, bindingKey, byOwner, stampMs: logValue.stampMs, valueHash: logValueHash(value) };
    const row = encodeMessage({ ...item, confirmKey, seenAtMs: nowMs }, MAX_ROW_BYTES);
    return [...over, { table: ITEMS, key: keyOf(uid, index), value: row }];
  }

  /** Confirmations come again from gateway and peers: the first is kept. */
  private confirmationWrites(uid: Bytes, index: number, signature: Bytes): readonly StoreWrite[] {
    const key = keyOf(uid, index);
    return this.store.get(CONFIRMATIONS, key) === null ? [{ table: CONFIRMATIONS, key, value: signature }] : [];
  }

  private below(uid: Bytes, index: number): readonly StoreWrite[] {
    const from = this.lowest(index - 1, (at) => this.item(uid, at) !== null);
    return Array.from({ length: index - from }, (_, i) => removals(uid, from + i)).flat();
  }

  /** Rows stand without a gap up to `index`: where they begin is found by halving. */
  private lowest(index: number, holds: (at: number) => boolean): number {
    let [absent, present] = [Math.max(0, index - MAX_HISTORY), index + 1];
    while (present - absent > 1) {
      const middle = Math.floor((absent + present) / 2);
      if (holds(middle)) present = middle;
      else absent = middle;
    }
    return present;
  }

  private item(uid: Bytes, index: number): Omit<HistoryItem, 'confirmation'> | null {
    const row = this.store.get(ITEMS, keyOf(uid, index));
    return row === null ? null : decodeMessage(row, MAX_ROW_BYTES, itemSchema);
  }
}

function removals(uid: Bytes, index: number): readonly StoreWrite[] {
  if (index < 1) return [];
  const key = keyOf(uid, index);
  return [ITEMS, CONFIRMATIONS].map((table) => ({ table, key, value: null }));
}

function keyOf(uid: Bytes, index: number): Bytes {
  return concat(uid, new ByteWriter().u32(index).bytes());
}
