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

  it('lets go of accounts that only have votes of others before it outgrows its limit', () => {
    const cache = new AccountCache(new AccountRows(new MemoryNodeStore()));
    const head = { fleetId: 'main', epoch: 1, node: 2, incarnations: [1, 1, 1], index: 1, spent: 0, lastOk: 0 };
    const ballot = { round: 0, node: 2, incarnation: 1 };
    const hashes = { valueHash: bytesOf('value'), recordHash: bytesOf('record') };
    const signed = { node: 2, incarnation: 1, sequence: 1, previous: bytesOf('previous'), statement: bytesOf('statement') };
    const path = { leafIndex: 0, treeSize: 1, path: [], signature: bytesOf('signature', 64) };
    for (let i = 0; i <= LIMIT; i++) {
      const vote = { head: { ...head, ...hashes, ballot, uid: uidOf(i) }, signed: { ...signed, ...path } };
      cache.set({ ...emptyAccountLog(uidOf(i)), seen: [{ vote, proposal: null }] });
    }
    cache.evict();
    expect(cache.get(uidOf(0)).seen).toEqual([]);
    expect(cache.get(uidOf(1)).seen).toHaveLength(1);
  });

  it('keeps nothing that was only looked at', () => {
    const cache = new AccountCache(new AccountRows(new MemoryNodeStore()));
    expect(cache.get(uidOf(1))).not.toBe(cache.get(uidOf(1)));
  });
});
