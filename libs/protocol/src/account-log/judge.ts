import { verifyOwnerSignature } from '../entry/entry-signature.js';
import type { EntryCore, ReshareCore } from '../entry/entry-core.js';
import { entryId } from '../entry/entry-id.js';
import type { LogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import type { AccountPolicy } from './account-policy.js';
import { accountStatus, nextAttemptAtMs, settledState, spentAttempts, type AccountState } from './account-state.js';
import { findMark, mayHaveFreshBudget } from './apply-value.js';
import { judgeReshare } from './judge-reshare.js';

export interface JudgeContext {
  readonly policy: AccountPolicy;
  readonly verifier: SignatureVerifier;
  /** The fleet with its earlier epochs: whose word a new sharing needs (PROTOCOL 7.8). */
  readonly roster: FleetRoster;
  /** Highest confirmed attempt that this node has stored. */
  readonly lastOk: number;
  readonly nowMs: number;
  /** Whether the account token had expired at `nowMs`; everything else about it is checked before. */
  readonly tokenExpired: boolean;
  /** A free choice is judged by clock and token too; a value that q promises demand is not (PROTOCOL 4.3). */
  readonly freeChoice: boolean;
}

/**
 * Whether a node may vote for `value` as the account's next entry. The refusal is a coded error, or null for none.
 * Shares held are not looked at here: a node that lacks the record of a registration fetches it before it votes.
 *
 * What the entry means is judged by the value's own stamp and lastOk, as `applyValue` will take it: all nodes agree about
 * a value that promises demand, also those that heard of a confirmation after it was accepted. Otherwise an index could
 * hold a value that must be proposed and that nobody votes for (I8).
 */
export function judgeValue(state: AccountState, value: LogValue, context: JudgeContext): VaultError | null {
  const { policy, lastOk } = context;
  // Confirmations up to budgetFrom change nothing any more: nodes may differ about them.
  if (value.lastOk > Math.max(lastOk, state.budgetFrom)) {
    return new VaultError('CONFLICT', 'a confirmation that the proposal builds on is not known here');
  }
  if (findMark(state, entryId(value.entry.core)) !== null) return new VaultError('CONFLICT', 'the entry is already decided');
  if (context.freeChoice && value.lastOk < lastOk && lastOk > state.budgetFrom) {
    return new VaultError('CONFLICT', 'a newer confirmation is known here');
  }
  const settled = settledState(state, value.lastOk, value.stampMs, policy);
  return (context.freeChoice ? judgeClock(settled, value, context) : null) ?? judgeMeaning(settled, value, context);
}

function judgeClock(state: AccountState, value: LogValue, context: JudgeContext): VaultError | null {
  const { nowMs, policy } = context;
  if (context.tokenExpired) return new VaultError('TOKEN_INVALID', 'the account token has expired');
  if (Math.abs(value.stampMs - nowMs) > policy.maxSkewMs) {
    return new VaultError('FLEET_UNAVAILABLE', "the proposer's clock is too far from this node's");
  }
  const retryAtMs = value.entry.core.kind === 'attempt' ? nextAttemptAtMs(state, value.lastOk, nowMs, policy) : 0;
  if (retryAtMs > nowMs) return new VaultError('RATE_LIMITED', 'the growing delay after failed attempts is not over', { retryAtMs });
  return null;
}

function judgeMeaning(state: AccountState, value: LogValue, context: JudgeContext): VaultError | null {
  const core = value.entry.core;
  const status = accountStatus(state, value.lastOk, context.policy);
  if (core.kind === 'attempt') {
    if (state.active === null) return new VaultError('RECORD_UNKNOWN', 'the account has no record');
    if (status === 'locked') return new VaultError('RECORD_LOCKED', 'no attempt is left', { attemptsLeft: 0 });
    if (state.active.ver !== core.ver) return new VaultError('RECORD_UNKNOWN', 'the record has no such version', { ver: state.active.ver });
    return null;
  }
  if (core.kind === 'reshare') return judgeReshare(state, core, state.index + 1, status === 'locked', context);
  return judgeOwner(state, value, context) ?? judgeChange(state, core, value, context);
}

/** An owner's signature that does not hold is refused, never taken for a missing one. */
function judgeOwner(state: AccountState, value: LogValue, context: JudgeContext): VaultError | null {
  if (value.entry.ownerSignature === null) return null;
  if (state.active !== null && verifyOwnerSignature(value.entry, state.active.ownerKey, context.verifier)) return null;
  return new VaultError('REQUEST_INVALID', 'the owner signature is not by the owner key of the living version', {
    field: 'ownerSignature',
  });
}

function judgeChange(
  state: AccountState,
  core: Exclude<EntryCore, ReshareCore>,
  value: LogValue,
  context: JudgeContext,
): VaultError | null {
  const { policy } = context;
  const byOwner = value.entry.ownerSignature !== null;
  if (core.kind === 'cancel') {
    if (state.pending?.ver !== core.ver) return new VaultError('RECORD_UNKNOWN', 'no such version is pending');
    return byOwner ? null : new VaultError('FORBIDDEN', 'only the owner key cancels a pending change');
  }
  if (core.ver <= state.ver) return new VaultError('CONFLICT', 'the version is already used', { ver: state.ver });
  if (core.kind === 'delete') return state.active === null ? new VaultError('RECORD_UNKNOWN', 'the account has no record') : null;
  const exhausted = spentAttempts(state, value.lastOk) >= policy.attempts;
  if (exhausted && !byOwner && !mayHaveFreshBudget(state, value.stampMs, policy)) {
    const retryAtMs = state.freshBudgetAtMs + policy.coolDownMs;
    return new VaultError('RATE_LIMITED', 'a fresh budget was given less than one cool-down ago', { retryAtMs });
  }
  return null;
}
