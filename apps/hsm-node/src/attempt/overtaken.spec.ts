import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptEvaluate, type ResponseOf } from '@strongroom/contracts';
import { entryId } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { RULES } from '../node/machine.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

const attempt = attemptOf('early');
let first: Version;
let second: Version;
beforeAll(async () => {
  const { roster } = await MemoryFleet.create();
  first = await versionOf(roster, 1);
  second = await versionOf(roster, 2);
});
let fleet: MemoryFleet;
let [home, voter, away] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, away = 3] = fleet.ranked;
  // The third node hears of the registration, gets the record from nobody, and cannot rebuild its share.
  fleet.wire.fate = ({ name }) => (name === 'peer.fetch-record' || isRepair(name) ? 'lose' : 'deliver');
  for (const node of [home, voter]) await fleet.machine(node).stage(first);
  await fleet.submit(first.entry);
  await fleet.submit(attempt);
  await fleet.advance(10_000);
  expect(fleet.account(away).state.active?.recordHash).toEqual(first.hash);
  expect(holds(first)).toBe(false);
});
afterEach(() => fleet.end());

const isRepair = (name: string): boolean => name.startsWith('peer.repair');
const holds = ({ hash }: Version): boolean => fleet.machine(away).now.vault.holds(alice, hash);

/** An evaluation that waits for the record, which a peer's answer on the wire brings once it is released. */
async function waiting(): Promise<() => Promise<ResponseOf<typeof attemptEvaluate>>> {
  fleet.wire.fate = ({ name }) => (name === 'peer.fetch-record.answer' ? 'hold' : isRepair(name) ? 'lose' : 'deliver');
  const request = { uid: alice, attemptId: entryId(attempt.core), waitMs: 100 };
  const asked = fleet.gateway.call(attemptEvaluate, request, { node: `main-${away}` });
  asked.catch(() => undefined); // met when it is run
  await fleet.settle();
  return () => {
    fleet.wire.fate = () => 'deliver';
    fleet.wire.release();
    return fleet.run(asked);
  };
}

describe('an evaluation that waited for the record', () => {
  it('leaves with it when nothing came meanwhile', async () => {
    const finish = await waiting();
    expect((await finish()).record).toEqual(first.encoded);
  });

  it('leaves no node when a confirmation overtook its number meanwhile', async () => {
    const finish = await waiting();
    await fleet.confirm(confirmationOf(await fleet.submit(attemptOf('right'))), voter);
    await fleet.settle();
    expect(fleet.account(away).confirmation?.index).toBe(3);
    await expect(finish()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(fleet.wire.events.filter(({ type, from }) => type.includes('released') && from === away)).toEqual([]);
  });

  it('leaves no node when its version was replaced meanwhile, and brings nothing of that back', async () => {
    const finish = await waiting();
    await fleet.register(second, second.byOwner);
    await expect(finish()).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
    await fleet.settle();
    expect([holds(first), holds(second)]).toEqual([false, true]);
  });

  it('brings back no share that outlives a lock that came meanwhile', async () => {
    const finish = await waiting();
    for (const name of ['two', 'three']) await fleet.submit(attemptOf(name));
    await finish().catch(() => undefined); // whether it still came is the wire's business
    await fleet.jump(RULES.eraseDeadlineMs + 5_000);
    expect(holds(first)).toBe(false);
  });
});
