import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entrySubmit } from '@strongroom/contracts';
import { encodePromise, encodeVote, parseVote, type Ballot, type Entry, type Vote } from '@strongroom/protocol';
import { attemptOf, bytesOf, encoded, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { Forger, keyOf } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { batchesOf } from '../node/spoken-watch.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
let forger: Forger;
let [home, voter, third] = [1, 2, 3];
let zero: Ballot;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  forger = new Forger(fleet);
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  zero = { round: 0, node: home, incarnation: 1 };
  for (const machine of fleet.machines) await machine.stage(version);
  fleet.machine(home).kill();
  await fleet.settle();
});
afterEach(() => fleet.end());

const votes = (node = voter): readonly Vote[] =>
  batchesOf(fleet.wire, node).flatMap(({ signed, reports }) =>
    (signed?.statements ?? [])
      .filter((_, leaf) => !reports.some((report) => report.leaf === leaf))
      .map((statement) => parseVote(statement)),
  );
const proposal = (change: Partial<Vote> = {}): ReturnType<Forger['proposal']> =>
  forger.proposal(home, forger.value(version.entry), zero, change);
const dropped = (): readonly unknown[] =>
  fleet
    .machine(voter)
    .lines.map(({ event }) => event)
    .filter((event) => String(event).endsWith('.dropped'));

/** The voter is asked to propose `entry`; nobody waits for the answer. */
function begin(entry: Entry): void {
  fleet.gateway.call(entrySubmit, { entry: encoded(entry) }, { node: `main-${voter}` }).catch(() => undefined);
}

describe('what peers broadcast', () => {
  it('is answered when it holds', async () => {
    await forger.send(proposal());
    expect(votes()).toHaveLength(1);
    expect(fleet.account(voter).state.index).toBe(1);
  });

  it('is dropped when another key signed it', async () => {
    const statement = encodeVote(forger.vote(home, forger.value(version.entry), zero));
    const proposals = proposal().proposals;
    await forger.send({ ...forger.batch(home, statement, stranger), proposals });
    await forger.send({ ...forger.batch(home, statement, keyOf(third)), proposals });
    expect(votes()).toEqual([]);
    expect(dropped()).toHaveLength(2);
  });

  it.each([
    ['says another node than its batch', { node: 9 }],
    ['says another fleet', { fleetId: 'other' }],
    ['says another epoch', { epoch: 2 }],
    ['says another incarnation of its node than its batch', { incarnations: [2, 2, 2] }],
    ['says too few incarnations', { incarnations: [1, 1] }],
  ])('is dropped when a statement %s', async (_name, change) => {
    await forger.send(proposal(change));
    expect(votes()).toEqual([]);
    expect(dropped()).toHaveLength(1);
  });

  it('is dropped when it comes from no member', async () => {
    await forger.send({ ...proposal(), node: 4 });
    expect(votes()).toEqual([]);
    expect(dropped()).toHaveLength(1);
  });

  it('is dropped when the proposed entry is of another account', async () => {
    const value = forger.value(attemptOf('elsewhere', 1, bytesOf('bob')));
    await forger.send(forger.proposal(home, value, zero));
    expect(votes()).toEqual([]);
    expect(dropped()).toHaveLength(1);
  });

  it('gets no vote while the token is not believed, and a refusal once it has expired', async () => {
    fleet.machine(third).kill();
    fleet.machine(voter).authority.standing = 'invalid';
    await forger.send(proposal());
    expect(votes()).toEqual([]);
    fleet.machine(voter).authority.standing = 'expired';
    await forger.send(proposal());
    expect(votes()).toEqual([]);
    expect(batchesOf(fleet.wire, voter).flatMap(({ refusals }) => refusals.map(({ code }) => code))).toEqual(['TOKEN_INVALID']);
    fleet.machine(voter).authority.standing = 'valid';
    await forger.send(proposal());
    expect(votes()).toHaveLength(1);
  });

  it('gets no vote while the record of the registration is not here', async () => {
    const missing = await versionOf(fleet.roster, 2);
    await forger.send(forger.proposal(home, forger.value(missing.entry), zero));
    expect(votes()).toEqual([]);
    expect(dropped()).toHaveLength(1);
  });

  it('is silent for a fenced incarnation', async () => {
    await fleet.machine(voter).now.node.engine.fence(home, 2);
    await forger.send(proposal());
    expect(votes()).toEqual([]);
  });

  it('above ballot 0 gets no vote without the promises of q nodes', async () => {
    const ballot = { round: 1, node: home, incarnation: 1 };
    const one = { signed: forger.signed(home, encodePromise(forger.promise(home, ballot))), proof: null };
    await forger.send(forger.proposal(home, forger.value(version.entry), ballot, {}, [one]));
    expect(votes()).toEqual([]);
    await forger.send(forger.proposal(home, forger.value(version.entry), ballot, {}, [one, one]));
    expect(votes()).toEqual([]);
  });

  it('counts no promise that reports a value without its proposal', async () => {
    fleet.wire.fate = ({ name, from }) => (name === 'batch' && from !== 0 ? 'lose' : 'deliver');
    begin(version.entry);
    const ballot = { round: 1, node: voter, incarnation: 1 };
    await fleet.settle();
    const value = forger.value(attemptOf('made up'));
    const { valueHash } = forger.vote(home, value, zero);
    const promise = forger.promise(third, ballot, { accepted: { ballot: zero, valueHash } });
    await forger.send(forger.report(third, promise, { value, proof: null, basis: [] }));
    const self = forger.signed(third, encodeVote(forger.vote(home, value, zero)));
    await forger.send(forger.report(third, promise, { value, proof: self, basis: [] }));
    expect(fleet.account(voter).round?.promises ?? []).toHaveLength(1);
    expect(dropped()).toHaveLength(2);
  });

  it('reports two batches in one place', async () => {
    await forger.send(proposal());
    await forger.send(forger.proposal(home, forger.value(version.byOwner), zero));
    expect(fleet.wire.events.filter(({ type }) => type.includes('misbehaved')).map(({ from }) => from)).toContain(voter);
  });
});
