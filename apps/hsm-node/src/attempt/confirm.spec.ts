import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptConfirm } from '@strongroom/contracts';
import type { DecidedSet } from '@strongroom/protocol';
import { attemptOf, confirmationOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
let voter: number;
let set: DecidedSet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  voter = fleet.ranked[1] ?? 2;
  await fleet.register(version);
  await fleet.submit(attemptOf('wrong'));
  set = await fleet.submit(attemptOf('right'));
});
afterEach(() => fleet.end());

describe('a confirmation', () => {
  it('is on disk before the secret leaves', async () => {
    let open: () => void = () => undefined;
    fleet.machine(voter).now.store.gate = new Promise((resolve) => (open = resolve));
    let answered = false;
    const answer = fleet.gateway.call(attemptConfirm, { confirmation: confirmationOf(set) }, { node: `main-${voter}` });
    void answer.finally(() => (answered = true));
    await fleet.settle();
    expect(answered).toBe(false);
    open();
    await fleet.settle();
    expect((await answer).sealedSecret).toHaveLength(80);
    await fleet.restart(voter);
    expect(fleet.account(voter).confirmation?.index).toBe(set.index);
  });

  it('releases nothing when the disk refuses it', async () => {
    fleet.machine(voter).disk.failCommits(1);
    await expect(fleet.confirm(confirmationOf(set), voter)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(fleet.account(voter).confirmation).toBeNull();
    expect((await fleet.confirm(confirmationOf(set), voter)).sealedSecret).toHaveLength(80);
  });

  it('releases nothing when another key made it, or for a number that is not decided', async () => {
    await expect(fleet.confirm(confirmationOf(set, stranger), voter)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(fleet.confirm({ ...confirmationOf(set), index: 9 }, voter)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(fleet.account(voter).confirmation).toBeNull();
  });

  it('of an older attempt releases its secret and leaves the later one standing', async () => {
    const older = await fleet.submit(attemptOf('wrong'));
    await fleet.confirm(confirmationOf(set), voter);
    expect((await fleet.confirm(confirmationOf(older), voter)).sealedSecret).toHaveLength(80);
    expect(fleet.account(voter).confirmation?.index).toBe(set.index);
  });

  it('of the last attempt gives the budget back', async () => {
    const last = await fleet.submit(attemptOf('last'));
    await expect(fleet.submit(attemptOf('none left'))).rejects.toMatchObject({ code: 'RECORD_LOCKED' });
    for (const node of fleet.ranked) await fleet.confirm(confirmationOf(last), node);
    expect((await fleet.submit(attemptOf('after'))).index).toBe(5);
  });
});
