import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerFetchRecord, recordStage } from '@strongroom/contracts';
import type { DecidedSet } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, deletionOf, encoded, versionOf, type Version } from '../node/account.fixture.js';
import { Forger } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { RULES } from '../node/machine.fixture.js';

const HOUR_MS = 3_600_000;
let version: Version;
let next: Version;
beforeAll(async () => {
  const { roster } = await MemoryFleet.create();
  [version, next] = await Promise.all([versionOf(roster, 1), versionOf(roster, 2)]);
});
let fleet: MemoryFleet;
let home: number;
let voter: number;
let third: number;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  // The others never hear that it holds its share: what was sealed to it stays with them.
  fleet.wire.fate = ({ from, name }) => (from === third && name === 'record' ? 'lose' : 'deliver');
  await fleet.register(version);
});
afterEach(() => fleet.end());

const holders = (of = version): readonly number[] =>
  fleet.machines.filter(({ life }) => life?.vault.holds(alice, of.hash)).map(({ roster }) => roster.self);
const others = (): readonly number[] => [home, voter].sort();

/** One node's time comes while the others' clocks are behind: it asks them, they know nothing newer, it erases. */
async function erasedAtThird(afterMs: number): Promise<void> {
  for (const node of others()) fleet.machine(node).skewMs = -HOUR_MS;
  await fleet.jump(afterMs);
  expect(holders()).toEqual(others());
}

async function locked(): Promise<DecidedSet> {
  for (const name of ['a', 'b']) await fleet.submit(attemptOf(name));
  const last = await fleet.submit(attemptOf('last'));
  await erasedAtThird(RULES.eraseDeadlineMs);
  return last;
}

/** What stays, and what is missing, after some time and a restart. */
async function expectNothingBack(): Promise<void> {
  await fleet.advance(3_000);
  await fleet.restart(third);
  await fleet.advance(3_000);
  expect(holders()).toEqual(others());
  const { repairs } = fleet.machine(third).now.node.services;
  expect([repairs.counted, repairs.progress.missing]).toEqual([true, 0]);
}

describe('a confirmation that comes after one node has erased a locked version', () => {
  let last: DecidedSet;
  beforeEach(async () => {
    last = await locked();
    await fleet.confirm(confirmationOf(last), voter);
    await fleet.settle();
  });

  it('counts at every node, and the others release their shares', async () => {
    expect([1, 2, 3].map((node) => fleet.account(node).confirmation?.index)).toEqual([last.index, last.index, last.index]);
    expect((await fleet.confirm(confirmationOf(last), home)).sealedSecret).toHaveLength(80);
    await expect(fleet.confirm(confirmationOf(last), third)).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
    expect(holders()).toEqual(others());
  });

  it('brings the share back neither at once nor after a restart, from no peer and by no repair', expectNothingBack);

  it('lets nobody bring the share back by the registration that somebody recorded', async () => {
    const { entry, encoded: record, sealed } = version;
    const replay = fleet.gateway.call(recordStage, { entry: encoded(entry), record, sealed: [...sealed] }, { node: `main-${third}` });
    await expect(fleet.run(replay)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(holders()).toEqual(others());
  });

  it('bars no later version', async () => {
    await fleet.register(next, next.byOwner);
    await fleet.settle();
    expect([holders(), holders(next)]).toEqual([[], [1, 2, 3]]);
  });
});

describe('a confirmation that calls a deletion off after one node has erased the version', () => {
  it('does not bring the share back', async () => {
    await fleet.submit(deletionOf(2));
    const attempt = await fleet.submit(attemptOf('mine'));
    await erasedAtThird(RULES.coolDownMs + RULES.eraseDeadlineMs);
    await fleet.confirm(confirmationOf(attempt), voter);
    await fleet.settle();
    expect(fleet.account(third).confirmation?.index).toBe(attempt.index);
    await expectNothingBack();
  });
});

describe('the registration of a version that had its time', () => {
  it('brings no share back when it is submitted again: its decision is told', async () => {
    await locked();
    expect((await fleet.submit(version.entry, third)).index).toBe(1);
    expect(holders()).toEqual(others());
  });

  it('brings no share back when it is proposed again by who kept what was sealed to a node', async () => {
    await fleet.register(next, next.byOwner);
    await fleet.settle();
    fleet.machine(home).kill();
    const sealed = version.sealed[third - 1] ?? new Uint8Array(0);
    await fleet.gateway.serve(peerFetchRecord, () => ({ record: version.encoded, sealed }), { node: `main-${home}` });
    const forger = new Forger(fleet);
    const open = { round: 0, node: home, incarnation: 1 };
    await forger.send(forger.proposal(home, forger.value(version.entry), open, { index: 3 }));
    await fleet.advance(3_000);
    expect(holders()).toEqual([]);
  });
});
