import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordStage } from '@strongroom/contracts';
import type { DecidedSet } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, deletionOf, encoded, owner, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

const ERASE_MS = 600_000;
let versions: readonly Version[];
beforeAll(async () => {
  const { roster } = await MemoryFleet.create();
  versions = await Promise.all([1, 2].map((ver) => versionOf(roster, ver)));
});
let fleet: MemoryFleet;
let home: number;
let voter: number;
let third: number;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  await fleet.register(version(1));
});
afterEach(() => fleet.end());

function version(ver: number): Version {
  const found = versions[ver - 1];
  if (found === undefined) throw new RangeError(`no version ${ver}`);
  return found;
}
const holders = (ver = 1): readonly number[] =>
  fleet.machines.filter(({ life }) => life?.vault.holds(alice, version(ver).hash)).map(({ roster }) => roster.self);
const ALL = [1, 2, 3];

async function lock(): Promise<DecidedSet> {
  for (const name of ['a', 'b']) await fleet.submit(attemptOf(name));
  return fleet.submit(attemptOf('last'));
}

describe('the shares of an account that is locked', () => {
  it('are erased everywhere at the deadline and not before', async () => {
    await lock();
    await fleet.jump(ERASE_MS - 60_000);
    expect(holders()).toEqual(ALL);
    await fleet.jump(60_000);
    expect(holders()).toEqual([]);
  });

  it('do not come back by a registration that somebody recorded and sends again', async () => {
    const { entry, encoded: record, sealed } = version(1);
    const replay = (node: number): Promise<unknown> =>
      fleet.run(fleet.gateway.call(recordStage, { entry: encoded(entry), record, sealed: [...sealed] }, { node: `main-${node}` }));
    await replay(home);
    await lock();
    await fleet.jump(ERASE_MS);
    for (const node of ALL) await expect(replay(node)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(holders()).toEqual([]);
  });

  it('stay when the last attempt is confirmed before the deadline, at any one node', async () => {
    const set = await lock();
    await fleet.confirm(confirmationOf(set), voter);
    await fleet.jump(ERASE_MS * 2);
    expect(holders()).toEqual(ALL);
  });

  it('stay at a node that missed the confirmation until it has asked its peers', async () => {
    const set = await lock();
    fleet.wire.fate = ({ to, name }) => (to === third && name === 'batch' ? 'lose' : 'deliver');
    await fleet.confirm(confirmationOf(set), voter);
    await fleet.settle();
    expect(fleet.account(third).confirmation).toBeNull();
    await fleet.jump(ERASE_MS * 2);
    expect(fleet.account(third).confirmation?.index).toBe(set.index);
    expect(holders()).toEqual(ALL);
  });

  it('stay while fewer than q nodes agree, and go when they do', async () => {
    await lock();
    fleet.machine(home).kill();
    fleet.machine(voter).kill();
    await fleet.jump(ERASE_MS * 2);
    await fleet.advance(3_000);
    expect(holders()).toEqual([third]);
    await fleet.start(voter);
    await fleet.start(home);
    await fleet.advance(5_000);
    expect(holders()).not.toContain(third);
  });

  it('are erased after a restart too, also when the deadline passed meanwhile', async () => {
    await lock();
    fleet.machine(third).kill();
    await fleet.jump(ERASE_MS * 2);
    await fleet.start(third);
    await fleet.advance(3_000);
    expect(holders()).toEqual([]);
  });

  it('are erased by a node whose clock was set back, once its time has come', async () => {
    await lock();
    fleet.machine(third).skewMs = -3_600_000;
    await fleet.jump(ERASE_MS * 2);
    expect(holders()).toEqual([third]);
    await fleet.jump(3_600_000);
    expect(holders()).toEqual([]);
  });
});

describe('the shares of a version that is over', () => {
  it('are erased when its owner replaces or deletes it', async () => {
    await fleet.register(version(2), version(2).byOwner);
    await fleet.settle();
    expect([holders(1), holders(2)]).toEqual([[], ALL]);
    await fleet.submit(deletionOf(3, owner));
    await fleet.settle();
    expect(holders(2)).toEqual([]);
  });

  it('are not staged when a deletion took its place', async () => {
    await fleet.submit(deletionOf(2, owner));
    await fleet.settle();
    const { entry, encoded: record, sealed } = version(2);
    for (const node of ALL) {
      const late = fleet.gateway.call(recordStage, { entry: encoded(entry), record, sealed: [...sealed] }, { node: `main-${node}` });
      await expect(fleet.run(late)).rejects.toMatchObject({ code: 'CONFLICT' });
    }
    expect(holders(2)).toEqual([]);
  });

  it.each(['replaces', 'deletes'])(
    'are erased after a restart when the process ended before the vault heard that its owner %s it',
    async (what) => {
      if (what === 'replaces') for (const machine of fleet.machines) await machine.stage(version(2));
      const known = fleet.account(third).state.index;
      const { store } = fleet.machine(third).now;
      fleet.machine(third).now.node.engine.listen({
        beforeFlush: ({ effect }) => {
          if (effect.kind === 'decided') store.crashAt = { commit: store.commits + 1, when: 'after' };
        },
      });
      await fleet.submit(what === 'replaces' ? version(2).byOwner : deletionOf(2, owner));
      await fleet.settle();
      expect(fleet.machine(third).life).toBeNull();
      await fleet.restart(third);
      expect(fleet.account(third).state.index).toBe(known + 1);
      expect(holders(1)).toEqual([]);
    },
  );

  it('stay through the cool-down of a change that its owner has not signed', async () => {
    await fleet.register(version(2));
    await fleet.settle();
    expect([holders(1), holders(2)]).toEqual([ALL, ALL]);
    await fleet.confirm(confirmationOf(await fleet.submit(attemptOf('mine'))), voter);
    await fleet.jump(86_400_000 * 2);
    await fleet.submit(attemptOf('later'));
    await fleet.settle();
    expect([holders(1), holders(2)]).toEqual([ALL, []]);
  });

  it('are erased with the first entry after the cool-down', async () => {
    await fleet.register(version(2));
    await fleet.jump(86_400_000 + 1_000);
    await fleet.submit(attemptOf('new', 2));
    await fleet.settle();
    expect([holders(1), holders(2)]).toEqual([[], ALL]);
    expect((await fleet.evaluate(attemptOf('new', 2), voter)).record).toEqual(version(2).encoded);
  });
});
