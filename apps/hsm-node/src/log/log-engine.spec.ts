import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { equal, openBatch, parseVote } from '@strongroom/protocol';
import { nodeVerifier } from '@strongroom/platform';
import { attemptOf, confirmationOf, encoded, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { batchesOf } from '../node/spoken-watch.fixture.js';
import { entrySubmit } from '@strongroom/contracts';
import { loadChain } from './chain.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
let home: number;
let voter: number;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2] = fleet.ranked;
  await fleet.register(version);
});
afterEach(() => fleet.end());

/** Commits of `node` wait until the returned function is called. */
function hold(node: number): () => Promise<void> {
  let open: () => void = () => undefined;
  fleet.machine(node).now.store.gate = new Promise((resolve) => (open = resolve));
  return async () => {
    open();
    await fleet.settle();
  };
}

function begin(name: string): void {
  const request = { entry: encoded(attemptOf(name)) };
  fleet.gateway.call(entrySubmit, request, { node: `main-${home}` }).catch(() => undefined);
}

const said = (node: number): number => batchesOf(fleet.wire, node).length;

describe('the engine of the logs', () => {
  it.each(['home', 'voter'])('says nothing at the %s before its disk has it', async (role) => {
    const node = role === 'home' ? home : voter;
    const before = said(node);
    const open = hold(node);
    begin('held');
    await fleet.settle();
    expect(fleet.account(node).accepted?.ballot.round).toBe(0);
    expect(said(node)).toBe(before);
    await open();
    expect(said(node)).toBeGreaterThan(before);
    expect(fleet.account(node).state.index).toBe(2);
  });

  it('counts its own vote only once it is on disk', async () => {
    const open = hold(voter);
    fleet.wire.fate = ({ name, from, to }) => (name === 'batch' && to === voter && from !== home ? 'lose' : 'deliver');
    begin('counted');
    await fleet.settle();
    expect(fleet.account(voter).seen).toHaveLength(1);
    expect(fleet.account(voter).state.index).toBe(1);
    await open();
    expect(fleet.account(voter).state.index).toBe(2);
  });

  it('decides with q votes and not before', async () => {
    fleet.wire.fate = ({ name, to }) => (name === 'batch' && to === home ? 'lose' : 'deliver');
    begin('lonely');
    await fleet.settle();
    expect(fleet.account(home).accepted).not.toBeNull();
    expect(fleet.account(home).state.index).toBe(1);
    const set = fleet.machine(voter).now.node.services.sets.at(version.record.uid, 2);
    expect(new Set(set?.votes.map(({ node }) => node)).size).toBe(2);
  });

  it('forgets what its disk refused, says nothing of it, and works again', async () => {
    const before = said(home);
    fleet.machine(home).disk.failCommits(1);
    const refused = fleet.submit(attemptOf('refused'));
    await expect(refused).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(said(home)).toBe(before);
    expect(fleet.account(home).accepted).toBeNull();
    expect((await fleet.submit(attemptOf('next'))).index).toBe(2);
    expect(fleet.machine(home).lines).toContainEqual(expect.objectContaining({ event: 'log.flush-failed' }));
  });

  it('chains its batches: each names the one before', async () => {
    for (const name of ['a', 'b']) await fleet.submit(attemptOf(name));
    let last: { sequence: number; hash: Uint8Array } = { sequence: 0, hash: new Uint8Array(32) };
    for (const { node, incarnation, signed } of batchesOf(fleet.wire, home)) {
      if (signed === null) continue;
      expect(signed.sequence).toBe(last.sequence + 1);
      expect(equal(signed.previous, last.hash)).toBe(true);
      const head = { node, incarnation, sequence: signed.sequence, previous: signed.previous };
      last = { sequence: signed.sequence, hash: openBatch(fleet.roster, head, signed.statements, signed.signature, nodeVerifier).hash };
    }
    expect(last.sequence).toBeGreaterThan(2);
    expect(loadChain(fleet.machine(home).disk, fleet.roster).own).toEqual({ incarnation: 1, ...last });
  });

  it('passes a confirmation on once', async () => {
    const confirmation = confirmationOf(await fleet.submit(attemptOf('right')));
    await fleet.confirm(confirmation, voter);
    const told = (): number => batchesOf(fleet.wire, voter).flatMap(({ confirmations }) => confirmations).length;
    expect(told()).toBe(1);
    await fleet.confirm(confirmation, voter);
    expect(told()).toBe(1);
  });

  it('has a fence on disk when it resolves, and names it in the next vote', async () => {
    const { engine } = fleet.machine(voter).now.node;
    const open = hold(voter);
    let done = false;
    const fenced = engine.fence(home, 7).then(() => (done = true));
    await fleet.settle();
    expect(done).toBe(false);
    await open();
    await fenced;
    expect(loadChain(fleet.machine(voter).disk, fleet.roster).seen[home - 1]?.incarnation).toBe(7);
    begin('later');
    await fleet.submit(attemptOf('other'), voter);
    const statement = batchesOf(fleet.wire, voter).at(-1)?.signed?.statements.at(-1) ?? new Uint8Array(0);
    expect(parseVote(statement).incarnations[home - 1]).toBe(7);
  });

  it('is settled only when everything fed before is on disk', async () => {
    const { engine } = fleet.machine(voter).now.node;
    const open = hold(voter);
    begin('fed');
    await fleet.settle();
    let done = false;
    void engine.settled().then(() => (done = true));
    await fleet.settle();
    expect(done).toBe(false);
    await open();
    expect(done).toBe(true);
  });
});
