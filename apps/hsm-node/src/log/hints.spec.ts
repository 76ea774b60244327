import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entrySubmit } from '@strongroom/contracts';
import { entryId, equal, parseLogValue } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, encoded, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { Forger } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
let forger: Forger;
let [home, voter, third] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  forger = new Forger(fleet);
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  for (const machine of fleet.machines) await machine.stage(version);
  fleet.machine(home).kill();
});
afterEach(() => fleet.end());

describe('hints', () => {
  it('cost a proposer time and nothing else', async () => {
    fleet.wire.fate = ({ name, from, to }) => (name === 'batch' && from !== 0 && to !== from ? 'lose' : 'deliver');
    fleet.gateway.call(entrySubmit, { entry: encoded(version.entry) }, { node: `main-${voter}` }).catch(() => undefined);
    await fleet.settle();
    const hints = { signed: null, proposals: [], reports: [], confirmations: [] };
    const far = { round: 60_000, node: third, incarnation: 1 };
    const nacks = [{ uid: alice, index: 1, promised: far }];
    const { round } = fleet.account(voter);
    if (round === null) throw new Error('nothing is proposed');
    const refusal = { uid: alice, index: 1, ballot: round.ballot, code: 'RECORD_LOCKED' as const, message: 'no', confirmation: null };
    for (const node of [home, third]) await forger.send({ ...hints, node, incarnation: 1, nacks, refusals: [refusal] });
    await fleet.advance(2_000);
    expect(fleet.account(voter).promised?.round).toBeLessThan(100);
    expect(fleet.account(voter).state.index).toBe(0);
    fleet.wire.fate = () => 'deliver';
    const { value } = await fleet.submit(version.entry, voter);
    expect(equal(entryId(parseLogValue(value).entry.core), entryId(version.entry.core))).toBe(true);
  });

  it('bring no confirmation that nobody made', async () => {
    await fleet.submit(version.entry, voter);
    const set = await fleet.submit(attemptOf('wrong'), voter);
    const confirmation = confirmationOf(set, stranger);
    await forger.send({
      node: third,
      incarnation: 1,
      signed: null,
      proposals: [],
      reports: [],
      nacks: [],
      refusals: [],
      confirmations: [confirmation],
    });
    expect(fleet.account(voter).confirmation).toBeNull();
  });
});
