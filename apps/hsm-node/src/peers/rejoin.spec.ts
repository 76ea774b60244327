import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerRejoin, peerState, type RequestOf } from '@strongroom/contracts';
import { emptyAccountLog, entryId, equal, parseLogValue, type DecidedSet, type Entry } from '@strongroom/protocol';
import { alice, attemptOf, bytesOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { AccountRows } from '../log/account-rows.js';
import { keyOf } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { MemoryBus } from '../node/memory-wire.fixture.js';
import { batchesOf, contradictions, forks } from '../node/spoken-watch.fixture.js';
import { encodeRejoinAnswer } from './rejoin-message.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
let [home, voter, third] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
});
afterEach(() => fleet.end());

const isOf = (set: DecidedSet | null, entry: Entry): boolean =>
  set !== null && equal(entryId(parseLogValue(set.value, () => true).entry.core), entryId(entry.core));
/** Only what the home node says reaches the voter: nobody but the bus hears the voter's vote. */
function withhold(): void {
  const allowed = (from: number, to: number): boolean => from === to || (from === home && to === voter) || from === 0 || to === 0;
  fleet.wire.fate = ({ from, to }) => (allowed(from, to) ? 'deliver' : 'lose');
}
const incarnations = (): readonly number[] => fleet.machines.map(({ now }) => now.node.engine.chain.own.incarnation);
const rollbacks = (): readonly number[] => fleet.wire.events.filter(({ type }) => type.includes('rollback')).map(({ from }) => from);

describe('a fleet that starts', () => {
  it('has every node in its first incarnation', () => {
    expect(incarnations()).toEqual([1, 1, 1]);
    expect(rollbacks()).toEqual([]);
  });

  it.each([0, 50, 150, 250, 500])('has every node in its first incarnation when they start %i ms apart', async (apartMs) => {
    fleet.end();
    fleet = await MemoryFleet.create({ n: 5, t: 3, q: 3 });
    for (const { roster } of fleet.machines) {
      await fleet.start(roster.self);
      await fleet.advance(apartMs);
    }
    await fleet.advance(1_000);
    expect(incarnations()).toEqual([1, 1, 1, 1, 1]);
    expect(fleet.machines.map(({ now }) => now.node.ready)).toEqual([true, true, true, true, true]);
    expect(rollbacks()).toEqual([]);
  });
});

describe('a node that starts again', () => {
  it('says nothing while fewer than q peers answer', async () => {
    await fleet.register(version);
    fleet.machine(voter).kill();
    fleet.machine(home).kill();
    const before = batchesOf(fleet.wire, home).length;
    await fleet.start(home);
    await fleet.advance(5_000);
    expect(fleet.machine(home).now.node.ready).toBe(false);
    await expect(fleet.submit(attemptOf('early'), home)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(batchesOf(fleet.wire, home)).toHaveLength(before);
    await fleet.start(voter);
    await fleet.advance(2_000);
    expect(fleet.machine(home).now.node.ready).toBe(true);
    expect((await fleet.submit(attemptOf('early'), home)).index).toBe(2);
  });

  it('takes up what was decided while it was away', async () => {
    await fleet.register(version);
    fleet.machine(third).kill();
    const set = await fleet.submit(attemptOf('right'), home);
    await fleet.confirm(confirmationOf(set), home);
    await fleet.restart(third);
    expect(fleet.account(third).state.index).toBe(2);
    expect(fleet.account(third).confirmation?.index).toBe(2);
    expect(rollbacks()).toEqual([]);
  });

  it('tells that its disk was rolled back, and knows everything again before it votes', async () => {
    const old = fleet.machine(third).disk.snapshot();
    await fleet.register(version);
    await fleet.confirm(confirmationOf(await fleet.submit(attemptOf('right'))), home);
    fleet.machine(third).kill();
    fleet.machine(third).disk.restore(old);
    await fleet.restart(third);
    expect(rollbacks()).toEqual([third]);
    expect(fleet.account(third).state).toEqual(fleet.account(home).state);
    expect(fleet.account(third).confirmation).toEqual(fleet.account(home).confirmation);
    await fleet.submit(attemptOf('next'));
    expect([...contradictions(fleet.wire), ...forks(fleet.wire)]).toEqual([]);
  });

  it('tells that its disk was rolled back past a quiet restart', async () => {
    const old = fleet.machine(third).disk.snapshot();
    await fleet.register(version);
    await fleet.restart(third);
    fleet.machine(third).kill();
    fleet.machine(third).disk.restore(old);
    await fleet.restart(third);
    expect(rollbacks()).toEqual([third]);
  });

  it('does not contradict a vote that only the gateway has seen, when its disk forgot it', async () => {
    await fleet.register(version);
    const old = fleet.machine(voter).disk.snapshot();
    withhold();
    const withheld = attemptOf('withheld');
    await fleet.submit(withheld).catch(() => undefined);
    expect(fleet.account(voter).state.index).toBe(2);
    expect(fleet.account(home).state.index).toBe(1);
    fleet.machine(voter).kill();
    fleet.machine(voter).disk.restore(old);
    fleet.wire.fate = () => 'deliver';
    await fleet.restart(voter);
    fleet.machine(home).kill();
    await fleet.settle();
    await fleet.submit(attemptOf('other'), third);
    expect(isOf(fleet.machine(third).now.node.services.sets.at(alice, 2), withheld)).toBe(true);
    expect([...contradictions(fleet.wire), ...forks(fleet.wire)]).toEqual([]);
  });

  it('takes no part before its disk holds what its peers told it', async () => {
    await fleet.register(version);
    const old = fleet.machine(voter).disk.snapshot();
    withhold();
    const withheld = attemptOf('withheld');
    await fleet.submit(withheld).catch(() => undefined);
    fleet.machine(voter).kill();
    fleet.machine(voter).disk.restore(old);
    fleet.wire.fate = ({ name, from }) => (name === 'peer.state.answer' && from === third ? 'hold' : 'deliver');
    await fleet.start(voter);
    await fleet.settle();
    // What is left to store are the votes.
    fleet.machine(voter).disk.failCommits(1);
    fleet.wire.fate = ({ name, from }) => (name === 'batch' && from === home ? 'lose' : 'deliver');
    fleet.wire.release();
    await fleet.advance(1_000);
    expect(fleet.machine(voter).lines).toContainEqual(expect.objectContaining({ event: 'log.flush-failed' }));
    expect(fleet.machine(voter).now.node.ready).toBe(true);
    fleet.machine(home).kill();
    await fleet.submit(attemptOf('other'), third);
    expect(isOf(fleet.machine(third).now.node.services.sets.at(alice, 2), withheld)).toBe(true);
  });

  it('takes no part before its disk holds what it promised', async () => {
    await fleet.register(version);
    const old = fleet.machine(voter).disk.snapshot();
    fleet.wire.fate = ({ name, from, to }) => (name === 'batch' && !(from === third && to === voter) && from !== to ? 'lose' : 'deliver');
    const asked = fleet.submit(attemptOf('asked'), third).catch(() => undefined);
    await fleet.settle();
    expect(fleet.account(voter).promised?.node).toBe(third);
    fleet.machine(voter).kill();
    fleet.machine(voter).disk.restore(old);
    fleet.wire.fate = ({ name }) => (name === 'peer.state.answer' ? 'hold' : 'deliver');
    await fleet.start(voter);
    await fleet.settle();
    fleet.machine(voter).disk.failCommits(1);
    fleet.wire.fate = ({ name }) => (name === 'batch' ? 'lose' : 'deliver');
    fleet.wire.release();
    await fleet.advance(1_000);
    expect(fleet.machine(voter).now.node.ready).toBe(true);
    expect(fleet.account(voter).promised?.node).toBe(third);
    await asked;
  });

  it('is fenced by its clone', async () => {
    await fleet.register(version);
    const { engine } = fleet.machine(third).now.node;
    for (const node of [home, voter]) await fleet.machine(node).now.node.engine.fence(third, 2);
    const before = fleet.account(home).state.index;
    fleet.machine(voter).kill();
    await fleet.submit(attemptOf('cloned'), home).catch(() => undefined);
    expect(engine.chain.own.incarnation).toBe(1);
    expect(fleet.account(home).state.index).toBe(before);
  });
});

describe('a peer that lies to a node that rejoins', () => {
  beforeEach(async () => {
    fleet.end();
    fleet = await MemoryFleet.started({ n: 5, t: 3, q: 3 });
    [home = 1, voter = 2, third = 3] = fleet.ranked;
  });

  it('does not keep it busy without end', async () => {
    const liar = fleet.machine(voter);
    const { store, desk } = { store: liar.disk, desk: liar.now.node.services.desk };
    const rows = Array.from({ length: 65 }, (_, i) => new AccountRows(store).accountWrite(emptyAccountLog(bytesOf(`account ${i}`))));
    await store.commit(rows);
    const bus = new MemoryBus(fleet.wire, voter);
    await bus.serve(peerState, (request) => desk.page({ ...request, after: null }), { node: `main-${voter}` });
    fleet.machine(home).kill();
    await fleet.start(home);
    await fleet.advance(600);
    expect(fleet.machine(home).now.node.ready).toBe(true);
  });

  it('does not bring another node to the end of its numbers', async () => {
    const bus = new MemoryBus(fleet.wire, voter);
    const absurd = (request: RequestOf<typeof peerRejoin>) => {
      const seen = { incarnation: 0, sequence: 0, hash: new Uint8Array(32) };
      const answer = encodeRejoinAnswer({
        ...request,
        answerer: voter,
        seen,
        incarnations: [1, 1, 1, 1, 1].fill(0xffff_ffff, third - 1, third),
      });
      return { answer, signature: keyOf(voter).sign(answer) };
    };
    await bus.serve(peerRejoin, absurd, { node: `main-${voter}` });
    await fleet.restart(home);
    expect(fleet.machine(home).now.node.ready).toBe(true);
    await fleet.restart(third);
    expect(fleet.machine(third).now.node.ready).toBe(true);
    expect(fleet.machine(third).now.node.engine.chain.own.incarnation).toBe(2);
  });
});
