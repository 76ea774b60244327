import { beforeEach, describe, expect, it } from '@jest/globals';
import { encodeLogValue, EMPTY_ACCOUNT, MAX_HISTORY, type LogEffect } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf } from '../node/account.fixture.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { AccountHistory } from './account-history.js';

const NOW_MS = 1_800_000_000_000;
let store: MemoryNodeStore;
let history: AccountHistory;
beforeEach(() => {
  store = new MemoryNodeStore();
  history = new AccountHistory(store, () => NOW_MS);
});

function decided(index: number): Extract<LogEffect, { kind: 'decided' }> {
  const logValue = { stampMs: NOW_MS, lastOk: 0, entry: attemptOf(`attempt ${index}`) };
  return { kind: 'decided', index, value: encodeLogValue(logValue), logValue, votes: [] };
}
async function decide(from: number, to: number): Promise<void> {
  for (let index = from; index <= to; index++) await store.commit(history.writes({ uid: alice, effect: decided(index) }, EMPTY_ACCOUNT));
}
const rows = (): number => store.snapshot().size;

describe('the rows of a history', () => {
  it('are bounded for each account, with their confirmations', async () => {
    await decide(1, 3);
    const confirmation = confirmationOf(decided(1));
    await store.commit(history.writes({ uid: alice, effect: { kind: 'confirmed', confirmation } }, EMPTY_ACCOUNT));
    expect(history.writes({ uid: alice, effect: { kind: 'confirmed', confirmation } }, EMPTY_ACCOUNT)).toEqual([]);
    expect([rows(), history.held(alice, 3)]).toEqual([4, { index: 3, from: 1 }]);
    await decide(4, MAX_HISTORY + 2);
    expect([rows(), history.held(alice, MAX_HISTORY + 2)]).toEqual([MAX_HISTORY, { index: MAX_HISTORY + 2, from: 3 }]);
  });

  it('that a flush has not written yet are not told of', async () => {
    await decide(1, 2);
    expect(history.held(alice, 4)).toEqual({ index: 2, from: 1 });
    expect(history.page(alice, history.held(alice, 4), 0).items).toHaveLength(2);
  });

  it('of an account that was decided before there were any are none, and no gap', () => {
    const held = history.held(alice, 40);
    expect(held).toEqual({ index: 40, from: 41 });
    expect(history.page(alice, held, 0)).toEqual({ first: 41, items: [] });
  });
});
