import type { Bytes } from '../encoding/bytes.js';
import type { EntryKind } from '../entry/entry-core.js';
import type { AccountStatus } from '../vote/account-statement.js';
import { FREE_FAILURES, type AccountPolicy } from './account-policy.js';

/** A version of the record that can be recovered. */
export interface LivingVersion {
  readonly ver: number;
  /** Of the record with its present sharing. */
  readonly recordHash: Bytes;
  /** The epoch in which its shares were made anew last; 0 for as they were registered (PROTOCOL 7.8). */
  readonly generation: number;
  readonly confirmKey: Bytes;
  readonly ownerKey: Bytes;
}

/** A change that waits for its cool-down because the owner has not signed it (PROTOCOL 5.3). */
export interface PendingChange {
  readonly index: number;
  readonly stampMs: number;
  readonly ver: number;
  /** What becomes active, or null for a deletion. */
  readonly version: LivingVersion | null;
}

/** A decided entry, as much of it as later decisions need. */
export interface LogMark {
  readonly index: number;
  readonly kind: EntryKind;
  /** `entryId`, 32 bytes. */
  readonly id: Bytes;
  readonly ver: number;
  readonly stampMs: number;
  /** Confirm key of the version that an attempt was made against, 32 bytes: its confirmation can be checked when that version is gone. Null for other kinds. */
  readonly confirmKey: Bytes | null;
}

/** State of an account after `index`: a pure function of the log (PROTOCOL 4.4). */
export interface AccountState {
  readonly index: number;
  /** Highest version ever used; it only grows. */
  readonly ver: number;
  readonly active: LivingVersion | null;
  readonly pending: PendingChange | null;
  /** Attempts with a number above both this and lastOk count against the budget. */
  readonly budgetFrom: number;
  /** Stamp of the last registration over a locked or deleted account that gave a fresh budget, 0 for none (PROTOCOL 5.3). */
  readonly freshBudgetAtMs: number;
  readonly marks: readonly LogMark[];
}

export const EMPTY_ACCOUNT: AccountState = {
  index: 0,
  ver: 0,
  active: null,
  pending: null,
  budgetFrom: 0,
  freshBudgetAtMs: 0,
  marks: [],
};

/** Decided attempts that count against the budget (PROTOCOL 6.1). */
export function countedAttempts(state: AccountState, lastOk: number): readonly LogMark[] {
  const from = Math.max(lastOk, state.budgetFrom);
  return state.marks.filter((mark) => mark.kind === 'attempt' && mark.index > from);
}

export function spentAttempts(state: AccountState, lastOk: number): number {
  return countedAttempts(state, lastOk).length;
}

/**
 * The state with its pending change resolved as of `atMs`: gone when an attempt was confirmed after it, in force when
 * its cool-down is over. A version that comes into force over an exhausted budget gets a fresh one, so that no
 * acknowledged record is one that cannot be opened.
 */
export function settledState(state: AccountState, lastOk: number, atMs: number, policy: AccountPolicy): AccountState {
  const pending = state.pending;
  if (pending === null) return state;
  if (lastOk > pending.index) return { ...state, pending: null };
  if (atMs < pending.stampMs + policy.coolDownMs) return state;
  if (pending.version === null) return { ...state, pending: null, active: null };
  const fresh = spentAttempts(state, lastOk) >= policy.attempts;
  const budget = fresh ? { budgetFrom: state.index, freshBudgetAtMs: pending.stampMs + policy.coolDownMs } : {};
  return { ...state, ...budget, pending: null, active: pending.version };
}

/** @param state settled */
export function accountStatus(state: AccountState, lastOk: number, policy: AccountPolicy): AccountStatus {
  if (state.active === null) return state.ver === 0 ? 'none' : state.pending === null ? 'deleted' : 'pending';
  if (spentAttempts(state, lastOk) >= policy.attempts) return 'locked';
  return state.pending === null ? 'active' : 'pending';
}

/**
 * Earliest time for a new attempt (PROTOCOL 6.9), ms since 1970, 0 for at once. A stored time later than now counts as
 * now; one that is later by more than the allowed skew is not believed, or one wrong clock could bar an account for years.
 */
export function nextAttemptAtMs(state: AccountState, lastOk: number, nowMs: number, policy: AccountPolicy): number {
  const failures = countedAttempts(state, lastOk);
  const last = failures.findLast(({ stampMs }) => stampMs <= nowMs + policy.maxSkewMs);
  if (last === undefined || failures.length < FREE_FAILURES || policy.delaysMs.length === 0) return 0;
  const step = Math.min(failures.length - FREE_FAILURES, policy.delaysMs.length - 1);
  return Math.min(last.stampMs, nowMs) + (policy.delaysMs[step] ?? 0);
}
