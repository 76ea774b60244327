import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { rankNodes } from './rank-nodes.js';

const roster = { fleetId: 'main', epoch: 7, n: 5 };

function uidOf(number: number): Uint8Array {
  return createHash('sha256').update(`account ${number}`).digest();
}

/** The formula of PROTOCOL 6.8 written out a second time, byte by byte. */
function scoreOf(uid: Uint8Array, node: number): string {
  const label = Buffer.from('strongroom/v1/rank');
  return createHash('sha256')
    .update(Buffer.from([0, label.length]))
    .update(label)
    .update(Buffer.from([0, 4]))
    .update('main')
    .update(Buffer.from([0, 0, 0, 7]))
    .update(uid)
    .update(Buffer.from([node]))
    .digest('hex');
}

describe('rankNodes', () => {
  it('orders the nodes by the hash of fleet, epoch, account and node, highest first', () => {
    for (let account = 0; account < 20; account++) {
      const uid = uidOf(account);
      const expected = [1, 2, 3, 4, 5].sort((a, b) => (scoreOf(uid, a) < scoreOf(uid, b) ? 1 : -1));
      expect(rankNodes(uid, roster)).toEqual(expected);
    }
  });

  it('is stable: the order of one account is written down here', () => {
    expect(rankNodes(new Uint8Array(32), roster)).toEqual([2, 3, 4, 1, 5]);
  });

  it('names every node once', () => {
    for (const n of [1, 2, 7, 32]) {
      const ranked = rankNodes(uidOf(1), { ...roster, n });
      expect([...ranked].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i + 1));
    }
  });

  it('keeps the relative order of the others when nodes are added', () => {
    const five = rankNodes(uidOf(3), roster);
    expect(rankNodes(uidOf(3), { ...roster, n: 9 }).filter((node) => node <= 5)).toEqual(five);
  });

  it('spreads homes over the fleet', () => {
    const homes = new Map<number, number>();
    for (let account = 0; account < 1_000; account++) {
      const home = rankNodes(uidOf(account), roster)[0] ?? 0;
      homes.set(home, (homes.get(home) ?? 0) + 1);
    }
    for (const count of homes.values()) expect(count).toBeGreaterThan(140);
    expect(homes.size).toBe(5);
  });

  it('moves an account with fleet and epoch', () => {
    const accounts = Array.from({ length: 50 }, (_, i) => uidOf(i));
    const homes = (changed: object): string => accounts.map((uid) => rankNodes(uid, { ...roster, ...changed })[0]).join();
    expect(homes({ epoch: 8 })).not.toBe(homes({}));
    expect(homes({ fleetId: 'other' })).not.toBe(homes({}));
  });

  it.each([
    ['uid', new Uint8Array(31), 5],
    ['uid', new Uint8Array(33), 5],
    ['n', new Uint8Array(32), 0],
    ['n', new Uint8Array(32), 33],
    ['n', new Uint8Array(32), 1.5],
  ])('refuses a wrong %s', (field, uid, n) => {
    expect(() => rankNodes(uid, { ...roster, n })).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field } }));
  });
});
