import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { alice, attemptOf, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let fleet: MemoryFleet;
let version: Version;
let home: number;
let voter: number;
let third: number;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  version = await versionOf(fleet.roster, 1);
  [home = 1, voter = 2, third = 3] = fleet.ranked;
});
afterEach(() => fleet.end());

describe('an entry that the gateway hands over', () => {
  it('is refused at once by a node that hears too few peers', async () => {
    fleet.machine(voter).kill();
    fleet.machine(third).kill();
    await fleet.advance(1_100);
    const before = fleet.clockMs;
    await expect(fleet.submit(version.entry, home)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(fleet.clockMs).toBe(before);
  });

  it('is refused without a token that is believed', async () => {
    fleet.machine(home).authority.standing = 'invalid';
    await expect(fleet.register(version)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    fleet.machine(home).authority.standing = 'expired';
    await expect(fleet.submit(version.entry)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(fleet.account(home).state.index).toBe(0);
  });

  it('is refused when its signature is not by the bound key', async () => {
    const broken = { ...attemptOf('broken'), signature: new Uint8Array(64) };
    await expect(fleet.submit(broken)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('is refused when its record was staged nowhere', async () => {
    await expect(fleet.submit(version.entry)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'record' } });
  });

  it('is decided once, whichever nodes are asked and however often', async () => {
    for (const { roster } of fleet.machines) await fleet.machine(roster.self).stage(version);
    const sets = [];
    for (const node of [home, voter, third, home]) sets.push(await fleet.submit(version.entry, node));
    expect(sets.map(({ index }) => index)).toEqual([1, 1, 1, 1]);
    expect(fleet.account(third).state.marks).toHaveLength(1);
  });

  it('is decided when a node lacks the record: it fetches record and share from its peers', async () => {
    for (const node of [home, voter]) await fleet.machine(node).stage(version);
    await fleet.submit(version.entry);
    await fleet.settle();
    expect(fleet.machine(third).now.vault.holds(alice, version.hash)).toBe(true);
  });

  it('is decided by the next node when the home node is down', async () => {
    await fleet.register(version);
    fleet.machine(home).kill();
    expect((await fleet.submit(attemptOf('hedged'), voter)).index).toBe(2);
  });
});
