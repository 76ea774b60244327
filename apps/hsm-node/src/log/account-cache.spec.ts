import { describe, expect, it } from '@jest/globals';
import { emptyAccountLog, type AccountLog, type Bytes } from '@strongroom/protocol';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { attemptOf, bytesOf } from '../node/account.fixture.js';
import { AccountCache } from './account-cache.js';
import { AccountRows } from './account-rows.js';

const LIMIT = 20_000;
const uidOf = (i: number): Bytes => {
  const uid = new Uint8Array(32);
  new DataView(uid.buffer).setUint32(0, i);
  return uid;
};

describe('the cache of accounts', () => {
  it('lets go of what is on disk and keeps accounts with work', () => {
    const cache = new AccountCache(new AccountRows(new MemoryNodeStore()));
    const entry = attemptOf('wanted');
    const busy: AccountLog = { ...emptyAccountLog(uidOf(0)), wanted: [{ id: bytesOf('id'), entry, tokenExpired: false }] };
    cache.set(busy);
    const idle: AccountLog = { ...emptyAccountLog(uidOf(1)), promised: { round: 9, node: 1, incarnation: 1 } };
    cache.set(idle);
    for (let i = 2; i <= LIMIT + 1; i++) cache.set(emptyAccountLog(uidOf(i)));
    cache.evict();
    expect(cache.get(uidOf(0))).toBe(busy);
    expect(cache.get(uidOf(1)).promised).toBeNull();
  });

  it('lets go of nothing below its limit', () => {
    const cache = new AccountCache(new AccountRows(new MemoryNodeStore()));
    const idle = emptyAccountLog(uidOf(1));
    cache.set(idle);
    cache.evict();
    expect(cache.get(uidOf(1))).toBe(idle);
  });
});
