import { describe, expect, it } from '@jest/globals';
import type { Entry } from '../entry/entry.js';
import { confirmSigner, entries, nativeVerifier, ownerSigner, POLICY, rosterOf, START_MS, strangerSigner } from './account.fixture.js';
import { DEFAULT_DELAYS_MS } from './account-policy.js';
import { accountStatus, EMPTY_ACCOUNT, settledState, spentAttempts, type AccountState } from './account-state.js';
import { applyValue, MARK_RETENTION_MS, MAX_MARKS } from './apply-value.js';
import { judgeValue, type JudgeContext } from './judge.js';

const MINUTE = 60_000;
const DAY = POLICY.coolDownMs;
const owner = { owner: ownerSigner };

type Logged = readonly [entry: Entry, atMs: number, lastOk?: number];

/** The state after these entries. */
function after(...log: readonly Logged[]): AccountState {
  return log.reduce(
    (state, [entry, atMs, lastOk = 0]) => applyValue(state, { stampMs: START_MS + atMs, lastOk, entry }, POLICY),
    EMPTY_ACCOUNT,
  );
}

type Asking = Partial<JudgeContext> & { readonly atMs?: number; readonly stampAtMs?: number; readonly valueLastOk?: number };

/** The code of the refusal, or 'yes'. */
function ask(state: AccountState, entry: Entry, asking: Asking = {}): string {
  const { atMs = 0, stampAtMs = atMs, lastOk = 0, valueLastOk = lastOk, ...rest } = asking;
  const context = {
    policy: POLICY,
    verifier: nativeVerifier,
    roster: rosterOf(5, 3),
    lastOk,
    nowMs: START_MS + atMs,
    tokenExpired: false,
    freeChoice: true,
    ...rest,
  };
  return judgeValue(state, { stampMs: START_MS + stampAtMs, lastOk: valueLastOk, entry }, context)?.code ?? 'yes';
}

const one: Logged = [entries.register('v1', 1), 0];
const two = entries.register('v2', 2);
const wrong = (count: number, from = 1): Logged[] => Array.from({ length: count }, (_, i) => [entries.attempt(`wrong ${from + i}`), 0]);
const fresh = entries.attempt('fresh');

describe('an attempt', () => {
  it('is refused without a record, for another version, and when no attempt is left', () => {
    expect(ask(EMPTY_ACCOUNT, fresh)).toBe('RECORD_UNKNOWN');
    expect(ask(after(one), entries.attempt('old', 2))).toBe('RECORD_UNKNOWN');
    expect(ask(after(one, ...wrong(9)), fresh)).toBe('yes');
    expect(ask(after(one, ...wrong(10)), fresh)).toBe('RECORD_LOCKED');
  });

  it('has its budget back after a confirmation', () => {
    expect(ask(after(one, ...wrong(10)), fresh, { lastOk: 11 })).toBe('yes');
    expect(ask(after(one, ...wrong(10)), fresh, { lastOk: 2 })).toBe('yes');
    expect(ask(after(one, ...wrong(10), [entries.attempt('next'), 0, 2]), fresh, { lastOk: 2 })).toBe('RECORD_LOCKED');
  });

  it('is decided once', () => {
    expect(ask(after(one, [fresh, 0]), fresh)).toBe('CONFLICT');
  });

  it('keeps every mark that counts, however old', () => {
    const years = 20 * MARK_RETENTION_MS;
    const spent = wrong(9).map(([entry], i): Logged => [entry, (i * years) / 10]);
    const state = after(one, ...spent, [entries.attempt('last'), years]);
    expect(spentAttempts(state, 0)).toBe(10);
    expect(ask(state, fresh, { atMs: years })).toBe('RECORD_LOCKED');
  });

  it('keeps the attempts that count and not more of the rest than a node can store', () => {
    const changes = Array.from({ length: 2 * MAX_MARKS }, (_, i): Logged => [entries.register('again', i + 2), 0]);
    const state = after(one, ...wrong(3), ...changes);
    expect(state.marks).toHaveLength(3 + MAX_MARKS);
    expect(spentAttempts(state, 0)).toBe(3);
    expect(ask(state, entries.register('again', 2 * MAX_MARKS + 1))).toBe('CONFLICT');
  });

  it('forgets marks that count no more when they are old', () => {
    const state = after(one, ...wrong(3), [entries.attempt('late'), MARK_RETENTION_MS, 4]);
    expect(state.marks.map(({ index }) => index)).toEqual([4, 5]);
  });
});

describe('growing delay', () => {
  const policy = { ...POLICY, delaysMs: DEFAULT_DELAYS_MS };
  const refusedUntil = (failures: number, atMs: number, stampMs = 0): number => {
    const state = after(one, ...wrong(failures).map(([entry]): Logged => [entry, stampMs]));
    const value = { stampMs: START_MS + atMs, lastOk: 0, entry: fresh };
    const rest = { roster: rosterOf(5, 3), lastOk: 0, tokenExpired: false, freeChoice: true };
    const context = { policy, verifier: nativeVerifier, nowMs: START_MS + atMs, ...rest };
    const error = judgeValue(state, value, context);
    return error === null ? 0 : Number(error.metadata['retryAtMs']) - START_MS;
  };

  it('lets three failures pass, then grows to four hours', () => {
    expect([0, 1, 2].map((failures) => refusedUntil(failures, 0))).toEqual([0, 0, 0]);
    expect([3, 4, 5, 6, 7, 8, 9].map((failures) => refusedUntil(failures, 0) / MINUTE)).toEqual([1, 5, 15, 60, 240, 240, 240]);
  });

  it('ends when its time has come', () => {
    expect(refusedUntil(3, MINUTE - 1)).toBe(MINUTE);
    expect(refusedUntil(3, MINUTE)).toBe(0);
  });

  it('takes a stamp that is later than now for now', () => {
    expect(refusedUntil(3, 0, MINUTE)).toBe(MINUTE);
  });

  it('does not believe a stamp that no clock allows, so that an account is never barred by one', () => {
    expect(refusedUntil(3, 0, 365 * DAY)).toBe(0);
  });

  it('is not asked about a value that promises demand', () => {
    expect(ask(after(one, ...wrong(9)), fresh, { policy, freeChoice: false })).toBe('yes');
    expect(ask(after(one, ...wrong(9)), fresh, { policy })).toBe('RATE_LIMITED');
  });
});

describe('a free choice', () => {
  it('is refused with an expired token or a clock too far off; a demanded value is not', () => {
    expect(ask(after(one), fresh, { tokenExpired: true })).toBe('TOKEN_INVALID');
    for (const stampAtMs of [POLICY.maxSkewMs + 1, -POLICY.maxSkewMs - 1])
      expect(ask(after(one), fresh, { stampAtMs })).toBe('FLEET_UNAVAILABLE');
    for (const stampAtMs of [POLICY.maxSkewMs, -POLICY.maxSkewMs]) expect(ask(after(one), fresh, { stampAtMs })).toBe('yes');
    expect(ask(after(one), fresh, { tokenExpired: true, stampAtMs: DAY, freeChoice: false })).toBe('yes');
  });

  it('must build on the latest confirmation known here, and never on an unknown one', () => {
    const state = after(one, ...wrong(2));
    expect(ask(state, fresh, { lastOk: 3, valueLastOk: 2 })).toBe('CONFLICT');
    expect(ask(state, fresh, { lastOk: 2, valueLastOk: 3 })).toBe('CONFLICT');
    expect(ask(state, fresh, { lastOk: 2, valueLastOk: 3, freeChoice: false })).toBe('CONFLICT');
    expect(ask(state, fresh, { lastOk: 3, valueLastOk: 2, freeChoice: false })).toBe('yes');
  });

  it('may differ about confirmations that a fresh budget has overtaken', () => {
    const state = after(one, ...wrong(2), [entries.register('v2', 2, owner), 0]);
    const next = entries.attempt('next', 2);
    expect(ask(state, next, { lastOk: 3, valueLastOk: 0 })).toBe('yes');
    expect(ask(state, next, { lastOk: 0, valueLastOk: 3 })).toBe('yes');
    expect(ask(state, next, { lastOk: 0, valueLastOk: 5 })).toBe('CONFLICT');
  });
});

describe('a demanded value', () => {
  it('is judged alike by a node that has heard of a later confirmation: no index is left with a value nobody votes for', () => {
    // Version 2 has come into force by its cool-down; a confirmation of version 1 that arrives later must not undo that.
    const state = after(one, [two, 0], [entries.attempt('right'), 1]);
    const ofTwo = entries.attempt('of two', 2);
    const asking = { atMs: DAY, valueLastOk: 0, freeChoice: false };
    expect(ask(state, ofTwo, { ...asking, lastOk: 0 })).toBe('yes');
    expect(ask(state, ofTwo, { ...asking, lastOk: 3 })).toBe('yes');
    expect(ask(after(one, ...wrong(10)), fresh, { ...asking, lastOk: 11 })).toBe('RECORD_LOCKED');
  });
});

describe('a registration', () => {
  it('needs a version that was never used, tombstones included', () => {
    expect(ask(after(one), entries.register('again', 1))).toBe('CONFLICT');
    expect(ask(after(one, [entries.remove('end', 2, owner), 0]), two)).toBe('CONFLICT');
    expect(ask(after(one, [entries.remove('end', 2, owner), 0]), entries.register('v3', 3))).toBe('yes');
  });

  it('over a living version waits for the cool-down unless the owner signed it', () => {
    const pending = after(one, [two, 0]);
    expect(pending.active?.ver).toBe(1);
    expect(settledState(pending, 0, START_MS + DAY - 1, POLICY).active?.ver).toBe(1);
    expect(settledState(pending, 0, START_MS + DAY, POLICY).active?.ver).toBe(2);
    expect(after(one, [entries.register('v2', 2, owner), 0])).toMatchObject({ active: { ver: 2 }, pending: null });
  });

  it('with an owner signature that does not hold is refused, not taken for one without', () => {
    expect(ask(after(one), entries.register('v2', 2, { owner: strangerSigner }))).toBe('REQUEST_INVALID');
    expect(ask(after(one), entries.register('v2', 2, { owner: confirmSigner }))).toBe('REQUEST_INVALID');
    expect(ask(EMPTY_ACCOUNT, entries.register('v1', 1, owner))).toBe('REQUEST_INVALID');
  });

  it('keeps the budget that is spent, unless the owner signed it', () => {
    const pending = after(one, ...wrong(4), [two, 0]);
    expect(spentAttempts(settledState(pending, 0, START_MS + DAY, POLICY), 0)).toBe(4);
    expect(spentAttempts(after(one, ...wrong(4), [entries.register('v2', 2, owner), 0]), 0)).toBe(0);
  });

  it('over a locked account is in force at once, with a fresh budget once per cool-down', () => {
    expect(ask(after(one, ...wrong(10)), two, { atMs: 1 })).toBe('yes');
    const replaced = after(one, ...wrong(10), [two, DAY]);
    expect(replaced).toMatchObject({ active: { ver: 2 }, pending: null });
    expect(spentAttempts(replaced, 0)).toBe(0);
    const again = [
      one,
      ...wrong(10),
      [two, DAY],
      ...Array.from({ length: 10 }, (_, i): Logged => [entries.attempt(`more ${i}`, 2), 0]),
    ] as const;
    expect(ask(after(...again), entries.register('v3', 3), { atMs: 2 * DAY - 1 })).toBe('RATE_LIMITED');
    expect(ask(after(...again), entries.register('v3', 3), { atMs: 2 * DAY })).toBe('yes');
    expect(ask(after(...again), entries.register('v3', 3, owner), { atMs: DAY })).toBe('yes');
  });

  it('that comes into force over an exhausted budget can be opened', () => {
    const state = after(one, [two, 0], ...wrong(10));
    expect(accountStatus(settledState(state, 0, START_MS + DAY, POLICY), 0, POLICY)).toBe('active');
    expect(ask(state, entries.attempt('of two', 2), { atMs: DAY })).toBe('yes');
  });
});

describe('a pending change', () => {
  it("ends with the owner's cancellation alone", () => {
    const pending = after(one, [two, 0]);
    expect(ask(pending, entries.cancel('stop', 2))).toBe('FORBIDDEN');
    expect(ask(pending, entries.cancel('stop', 2, { owner: strangerSigner }))).toBe('REQUEST_INVALID');
    expect(ask(pending, entries.cancel('stop', 3, owner))).toBe('RECORD_UNKNOWN');
    expect(ask(after(one), entries.cancel('stop', 2, owner))).toBe('RECORD_UNKNOWN');
    expect(ask(pending, entries.cancel('stop', 2, owner))).toBe('yes');
    expect(settledState(after(one, [two, 0], [entries.cancel('stop', 2, owner), 1]), 0, START_MS + DAY, POLICY).active?.ver).toBe(1);
  });

  it('ends with a confirmation of a later attempt, not of an earlier one', () => {
    const state = after(one, [entries.attempt('before'), 0], [two, 0], [entries.attempt('after'), 0]);
    expect(settledState(state, 2, START_MS + DAY, POLICY).active?.ver).toBe(2);
    expect(settledState(state, 4, START_MS + DAY, POLICY)).toMatchObject({ active: { ver: 1 }, pending: null });
  });

  it('leaves the old version usable meanwhile', () => {
    expect(ask(after(one, [two, 0]), fresh)).toBe('yes');
    expect(ask(after(one, [two, 0]), fresh, { atMs: DAY })).toBe('RECORD_UNKNOWN');
  });
});

describe('a deletion', () => {
  it('follows the same rule and leaves a tombstone', () => {
    expect(ask(EMPTY_ACCOUNT, entries.remove('end', 1))).toBe('RECORD_UNKNOWN');
    expect(after(one, [entries.remove('end', 2, owner), 0])).toMatchObject({ active: null, pending: null, ver: 2 });
    const pending = after(one, [entries.remove('end', 2), 0]);
    expect(pending.active?.ver).toBe(1);
    const gone = settledState(pending, 0, START_MS + DAY, POLICY);
    expect([accountStatus(gone, 0, POLICY), accountStatus(EMPTY_ACCOUNT, 0, POLICY)]).toEqual(['deleted', 'none']);
    expect(ask(pending, fresh, { atMs: DAY })).toBe('RECORD_UNKNOWN');
  });
});
