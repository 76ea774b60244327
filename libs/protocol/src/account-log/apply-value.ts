import { equal } from '../encoding/bytes.js';
import type { RegisterCore, ReshareCore } from '../entry/entry-core.js';
import { entryId } from '../entry/entry-id.js';
import type { LogValue } from '../entry/log-value.js';
import type { AccountPolicy } from './account-policy.js';
import { accountStatus, settledState, type AccountState, type LivingVersion, type LogMark } from './account-state.js';

/** How long marks that count no more are kept for retries and the owner's history (PROTOCOL 4.3). */
export const MARK_RETENTION_MS: number = 90 * 24 * 60 * 60_000;
/** And how many at most: whoever has a token could otherwise let an account grow beyond what a node can store. */
export const MAX_MARKS = 512;

/** The state after `value` is decided at index `state.index + 1`. It was judged by q voters: nothing is refused here. */
export function applyValue(state: AccountState, value: LogValue, policy: AccountPolicy): AccountState {
  const core = value.entry.core;
  const settled = settledState(state, value.lastOk, value.stampMs, policy);
  const index = state.index + 1;
  const confirmKey = core.kind === 'attempt' ? (settled.active?.confirmKey ?? null) : null;
  const mark: LogMark = { index, kind: core.kind, id: entryId(core), ver: core.ver, stampMs: value.stampMs, confirmKey };
  const next = { ...settled, index, marks: keepMarks(settled, value, mark) };
  const byOwner = value.entry.ownerSignature !== null;
  switch (core.kind) {
    case 'attempt':
      return next;
    case 'cancel':
      return { ...next, pending: null };
    case 'reshare':
      return reshare(next, core);
    case 'register':
      return register(next, settled, core, value, byOwner, policy);
    case 'delete': {
      const pending = { index, stampMs: value.stampMs, ver: core.ver, version: null };
      return byOwner ? { ...next, ver: core.ver, active: null, pending: null } : { ...next, ver: core.ver, pending };
    }
  }
}

/** A living version is replaced at once by its owner only; anybody else waits for the cool-down (PROTOCOL 5.3). */
function register(
  next: AccountState,
  before: AccountState,
  core: RegisterCore,
  value: LogValue,
  byOwner: boolean,
  policy: AccountPolicy,
): AccountState {
  const { ver, recordHash, confirmKey, ownerKey } = core;
  const version: LivingVersion = { ver, recordHash, generation: 0, confirmKey, ownerKey };
  const status = accountStatus(before, value.lastOk, policy);
  const living = before.active !== null && status !== 'locked';
  if (living && !byOwner) return { ...next, ver, pending: { index: next.index, stampMs: value.stampMs, ver, version } };
  const registered = { ...next, ver, active: version, pending: null };
  if (!byOwner && !mayHaveFreshBudget(before, value.stampMs, policy)) return registered;
  // A first registration and the owner's own give nothing that a stranger could collect: they do not count here.
  const freshBudgetAtMs = byOwner || before.ver === 0 ? before.freshBudgetAtMs : value.stampMs;
  return { ...registered, budgetFrom: next.index, freshBudgetAtMs };
}

/** The version stays what it was: same number, same keys, same budget; only its shares are others now (PROTOCOL 7.8). */
function reshare(next: AccountState, core: ReshareCore): AccountState {
  const change = (version: LivingVersion): LivingVersion =>
    equal(version.recordHash, core.before) ? { ...version, recordHash: core.recordHash, generation: core.epoch } : version;
  const { active, pending } = next;
  return {
    ...next,
    active: active === null ? null : change(active),
    pending: pending === null || pending.version === null ? pending : { ...pending, version: change(pending.version) },
  };
}

/** A stranger with the token gets a fresh budget for a locked or deleted account at most once per cool-down (PROTOCOL 5.3). */
export function mayHaveFreshBudget(state: AccountState, stampMs: number, policy: AccountPolicy): boolean {
  return state.freshBudgetAtMs === 0 || stampMs >= state.freshBudgetAtMs + policy.coolDownMs;
}

function keepMarks(state: AccountState, value: LogValue, mark: LogMark): readonly LogMark[] {
  const counted = Math.max(value.lastOk, state.budgetFrom);
  const oldest = mark.index - MAX_MARKS;
  const kept = state.marks.filter(
    (old) => (old.kind === 'attempt' && old.index >= counted) || (old.index > oldest && value.stampMs - old.stampMs < MARK_RETENTION_MS),
  );
  return [...kept, mark];
}

/** The mark of an entry that is already decided, so that a retry costs nothing (PROTOCOL 6.4). */
export function findMark(state: AccountState, id: Uint8Array): LogMark | null {
  return state.marks.find((mark) => equal(mark.id, id)) ?? null;
}
