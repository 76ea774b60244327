import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { alice, attemptOf, bytesOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { comparingFleet, countSent, cutOff, INTERVAL_MS } from './comparing-fleet.fixture.js';

const bob = bytesOf('bob');
let versions: readonly Version[];
beforeAll(async () => {
  const { roster } = await MemoryFleet.create();
  versions = await Promise.all([versionOf(roster, 1), versionOf(roster, 1, bob), versionOf(roster, 2)]);
});
let fleet: MemoryFleet;
let home: number;
let voter: number;
let third: number;
let asked: (name: string) => number;
async function started(intervalMs = INTERVAL_MS): Promise<void> {
  fleet = await comparingFleet(version(0), intervalMs);
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  asked = countSent(fleet);
}
beforeEach(() => {
  holdTime();
});
afterEach(() => fleet.end());

function version(i: number): Version {
  const found = versions[i];
  if (found === undefined) throw new RangeError(`no version ${i}`);
  return found;
}
const without = (work: () => Promise<unknown>): Promise<void> => cutOff(fleet, third, work);
const events = (type: string): readonly number[] => fleet.wire.events.filter((event) => event.type.includes(type)).map(({ from }) => from);
const expectThirdInStep = (uid = alice): void => {
  expect(fleet.account(third, uid).state).toEqual(fleet.account(voter, uid).state);
  expect(fleet.account(third, uid).confirmation).toEqual(fleet.account(voter, uid).confirmation);
};

describe('a node that was cut off while others decided', () => {
  it('takes over what it missed without anybody asking for the account', async () => {
    await started();
    await without(async () => {
      await fleet.submit(attemptOf('wrong'));
      await fleet.confirm(confirmationOf(await fleet.submit(attemptOf('right'))), voter);
    });
    expect(fleet.account(third).state.index).toBe(1);
    await fleet.advance(2 * INTERVAL_MS);
    expect(fleet.account(third).state.index).toBe(3);
    expectThirdInStep();
    expect(events('log.healed')).toEqual([third]);
  });

  it('takes over a confirmation alone', async () => {
    await started();
    const set = await fleet.submit(attemptOf('right'));
    await without(() => fleet.confirm(confirmationOf(set), voter));
    expect(fleet.account(third).confirmation).toBeNull();
    await fleet.advance(2 * INTERVAL_MS);
    expectThirdInStep();
  });

  it('takes over an account that it never heard of, and gets its share of it', async () => {
    await started();
    await without(async () => {
      for (const node of [home, voter]) await fleet.machine(node).stage(version(1));
      await fleet.submit(version(1).entry, voter);
    });
    await fleet.advance(2 * INTERVAL_MS);
    expectThirdInStep(bob);
    expect(fleet.machine(third).now.vault.holds(bob, version(1).hash)).toBe(true);
  });

  it('stays behind with an interval of 0, and asks nobody', async () => {
    await started(0);
    await without(() => fleet.submit(attemptOf('wrong')));
    await fleet.advance(10_000);
    expect(fleet.account(third).state.index).toBe(1);
    expect([asked('peer.digests'), asked('peer.range')]).toEqual([0, 0]);
  });

  it('takes it over after a restart too, from peers that have not started anew', async () => {
    await started();
    await fleet.restart(third);
    await without(() => fleet.submit(attemptOf('wrong')));
    await fleet.advance(2 * INTERVAL_MS);
    expectThirdInStep();
  });

  it('takes it over from a third while one peer is silent', async () => {
    await started();
    await without(() => fleet.submit(attemptOf('wrong')));
    fleet.wire.fate = ({ from, name }) => (from === home && name.startsWith('peer.') ? 'lose' : 'deliver');
    await fleet.advance(2 * INTERVAL_MS);
    expectThirdInStep();
  });
});

describe('nodes that hold the same', () => {
  it('exchange nothing but one digest question in an interval and peer', async () => {
    await started();
    await fleet.submit(attemptOf('wrong'));
    await fleet.settle();
    asked = countSent(fleet);
    await fleet.advance(3 * INTERVAL_MS);
    expect(asked('peer.digests')).toBe(3 * 6);
    expect([asked('peer.range'), asked('peer.fetch-sets')]).toEqual([0, 0]);
  });

  it('do so still after one of them started again', async () => {
    await started();
    await fleet.submit(attemptOf('wrong'));
    await fleet.restart(third);
    await fleet.advance(INTERVAL_MS);
    asked = countSent(fleet);
    await fleet.advance(2 * INTERVAL_MS);
    expect([asked('peer.digests') > 0, asked('peer.range')]).toEqual([true, 0]);
  });

  it('count nothing that a disk has refused', async () => {
    await started();
    fleet.machine(third).disk.failCommits(3);
    await fleet.submit(attemptOf('wrong'));
    await fleet.advance(6 * INTERVAL_MS);
    asked = countSent(fleet);
    await fleet.advance(2 * INTERVAL_MS);
    expectThirdInStep();
    expect(asked('peer.range')).toBe(0);
  });
});

describe('a node that stops', () => {
  it('waits for no peer that has not answered', async () => {
    await started();
    fleet.wire.fate = ({ name }) => (name === 'peer.digests' ? 'hold' : 'deliver');
    await fleet.advance(INTERVAL_MS);
    let stopped = false;
    void fleet
      .machine(third)
      .now.node.stop()
      .then(() => (stopped = true));
    await fleet.settle();
    expect(stopped).toBe(true);
  });

  it('ends in the middle of a round, and what it took over until then stays', async () => {
    await started();
    await without(() => fleet.submit(attemptOf('wrong')));
    await fleet.advance(INTERVAL_MS);
    const { node } = fleet.machine(third).now;
    await fleet.run(node.stop());
    await fleet.restart(third);
    await fleet.advance(2 * INTERVAL_MS);
    expectThirdInStep();
  });
});
