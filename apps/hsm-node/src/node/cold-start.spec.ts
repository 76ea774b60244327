import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { entrySubmit } from '@strongroom/contracts';
import { entryId, equal, parseLogValue, type Entry } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, encoded, versionOf } from './account.fixture.js';
import { holdTime, MemoryFleet } from './memory-fleet.fixture.js';
import { contradictions, forks } from './spoken-watch.fixture.js';

let fleet: MemoryFleet;
let [home, voter, third] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  await fleet.register(await versionOf(fleet.roster, 1));
});
afterEach(() => fleet.end());

/** The power goes and comes back: what no disk holds nobody can tell. */
async function endAndStartAll(): Promise<void> {
  for (const machine of fleet.machines) machine.kill();
  await fleet.settle();
  fleet.wire.fate = () => 'deliver';
  for (const { roster } of fleet.machines) await fleet.start(roster.self);
  await fleet.advance(1_500);
}

async function decidedAtTwo(): Promise<Entry> {
  await fleet.submit(attemptOf('other'), third);
  const set = fleet.machine(third).now.node.services.sets.at(alice, 2);
  if (set === null) throw new Error('index 2 is not decided');
  return parseLogValue(set.value, () => true).entry;
}

describe('a fleet that ends as a whole', () => {
  it('still has the confirmation that it acknowledged', async () => {
    const set = await fleet.submit(attemptOf('right'));
    for (const node of fleet.ranked) await fleet.confirm(confirmationOf(set), node);
    await endAndStartAll();
    expect(fleet.ranked.map((node) => fleet.account(node).confirmation?.index)).toEqual([2, 2, 2]);
  });

  it('keeps to a vote that only the gateway has seen', async () => {
    const withheld = attemptOf('withheld');
    fleet.wire.fate = ({ from, to }) => (from === to || from === 0 || (from === home && to === voter) ? 'deliver' : 'lose');
    await fleet.submit(withheld).catch(() => undefined);
    await endAndStartAll();
    expect(equal(entryId((await decidedAtTwo()).core), entryId(withheld.core))).toBe(true);
    expect([...contradictions(fleet.wire), ...forks(fleet.wire)]).toEqual([]);
  });

  it('keeps to a vote above ballot 0 that only the gateway has seen', async () => {
    const withheld = attemptOf('withheld');
    fleet.machine(home).kill();
    const { store } = fleet.machine(third).now;
    // Its promise is its next commit, its vote the one after.
    store.crashAt = { commit: store.commits + 2, when: 'after' };
    fleet.gateway.call(entrySubmit, { entry: encoded(withheld) }, { node: `main-${voter}` }).catch(() => undefined);
    await fleet.settle();
    expect(fleet.machine(third).life).toBeNull();
    expect(fleet.account(voter).accepted?.ballot.round).toBe(1);
    await endAndStartAll();
    expect(equal(entryId((await decidedAtTwo()).core), entryId(withheld.core))).toBe(true);
    expect([...contradictions(fleet.wire), ...forks(fleet.wire)]).toEqual([]);
  });
});
