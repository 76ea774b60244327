import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerClosed } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import { concat, encodeVote, entryId, equal, parseLogValue, parseVote, signBatch, type Bytes } from '@strongroom/protocol';
import { alice, attemptOf, bytesOf, confirmationOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import type { Keystore } from '../keystore/keystore.js';
import { holdTime, keystoreOf, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { batchesOf } from '../node/spoken-watch.fixture.js';
import { closedMessage, closingQuestionMessage } from './closing-message.js';
import { AccountRows } from '../log/account-rows.js';
import { EpochMarks } from './epoch-marks.js';
import { epochMachine, nextEpoch, replaceNode, startedEpochFleet } from './epoch-fleet.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create({ n: 5, t: 3, q: 3 })).roster, 1);
});
let fleet: MemoryFleet;
let gone: number;
let others: readonly number[];
beforeEach(async () => {
  holdTime();
  fleet = await startedEpochFleet({ n: 5, t: 3, q: 3 });
  gone = fleet.ranked[4] ?? 5;
  others = fleet.ranked.slice(0, 4);
  await fleet.register(version);
  await fleet.settle();
});
afterEach(() => fleet.end());

const ready = (): readonly boolean[] =>
  fleet.machines.map(({ roster }) => epochMachine(fleet, roster.self).ready && roster.epoch === fleet.roster.epoch);
/** Nodes whose disk says that the newest epoch is open. */
const opened = (): readonly number[] =>
  fleet.machines.filter(({ disk }) => new EpochMarks(disk, 'main').isOpen(fleet.roster.epoch)).map(({ roster }) => roster.self);
const ALL = [true, true, true, true, true];
const old = (node: number): Keystore => keystoreOf(String(node - 1), fleet.world.random);
const shareAt = (node: number): Bytes => fleet.machine(node).now.vault.withShare(alice, version.hash, (key, secret) => concat(key, secret));
const holds = (node: number): boolean => fleet.machine(node).now.vault.holds(alice, version.hash);
const decidedAt = (node: number, index: number): Bytes | null => {
  const set = fleet.machine(node).now.node.services.sets.at(alice, index);
  return set === null ? null : entryId(parseLogValue(set.value, () => true).entry.core);
};

describe('a fleet whose node is replaced', () => {
  it('goes on in the next epoch with what was decided, counted and confirmed before', async () => {
    await fleet.submit(attemptOf('wrong'));
    const right = await fleet.submit(attemptOf('right'));
    for (const node of fleet.ranked) await fleet.confirm(confirmationOf(right), node);
    await fleet.submit(attemptOf('again'));
    await replaceNode(fleet, gone);
    await fleet.advance(3_000);
    expect(ready()).toEqual(ALL);
    for (const { roster } of fleet.machines) {
      expect(fleet.account(roster.self).state.index).toBe(4);
      expect(fleet.account(roster.self).confirmation?.index).toBe(3);
    }
    const set = await fleet.submit(attemptOf('next'));
    expect(set.index).toBe(5);
    expect(set.votes.map(({ incarnation }) => incarnation)).toEqual([1, 1, 1]);
    await fleet.submit(attemptOf('last'));
    await expect(fleet.submit(attemptOf('one too many'))).rejects.toMatchObject({ code: 'RECORD_LOCKED' });
  });

  it('rebuilds the share of the new node, which is the one that the client dealt to its index', async () => {
    await replaceNode(fleet, gone);
    await fleet.advance(5_000);
    expect(holds(gone)).toBe(true);
    expect(shareAt(gone)).toEqual(version.shares[gone - 1]);
    const [first = 1, second = 2] = others;
    for (const node of [first, second]) fleet.machine(node).kill();
    await fleet.advance(1_500);
    const [, , third = 3] = others;
    await fleet.submit(attemptOf('right'), third);
    expect((await fleet.evaluate(attemptOf('right'), gone)).record).toEqual(version.encoded);
  });

  it('evaluates in the next epoch what was decided in the one before, once and for the same number', async () => {
    const [first = 1, second = 2] = others;
    const set = await fleet.submit(attemptOf('right'));
    await replaceNode(fleet, gone);
    await fleet.advance(3_000);
    expect((await fleet.evaluate(attemptOf('right'), first)).decided.index).toBe(set.index);
    expect((await fleet.submit(attemptOf('right'), second)).index).toBe(set.index);
    expect(fleet.account(first).state.index).toBe(set.index);
  });

  it('is replaced a second time, and a third', async () => {
    for (const node of [gone, others[0] ?? 1, gone]) {
      await replaceNode(fleet, node);
      await fleet.advance(6_000);
      expect(ready()).toEqual(ALL);
      expect(fleet.machines.map(({ roster }) => holds(roster.self))).toEqual(ALL);
    }
    expect((await fleet.submit(attemptOf('right'))).index).toBe(2);
  });
});

describe('a set of an earlier epoch', () => {
  it('is learned by whoever lacks it, and by nobody behind one of a later epoch', async () => {
    const [first = 1] = others;
    const attempt = await fleet.submit(attemptOf('right'));
    await replaceNode(fleet, gone);
    await fleet.advance(3_000);
    await fleet.submit(attemptOf('next'));
    const { sets } = fleet.machine(first).now.node.services;
    // As those could sign it whose keys were of no use any more since then.
    const votes = attempt.votes.map((signed) => {
      const vote = { ...parseVote(signed.statement), index: 4 };
      const signer = { publicKey: vote.uid, sign: (message: Bytes) => old(vote.node).sign(message) };
      const head = { node: vote.node, incarnation: 1, sequence: 99, previous: new Uint8Array(32) };
      const [forged = signed] = signBatch({ fleetId: 'main', epoch: 1 }, head, [encodeVote(vote)], signer).statements;
      return forged;
    });
    await expect(sets.learn(alice, [{ index: 4, value: attempt.value, votes }])).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
    expect(fleet.account(first).state.index).toBe(3);
  });
});

describe('a node that closed an epoch', () => {
  it('does nothing more in it', async () => {
    const [home = 1] = fleet.ranked;
    const next = nextEpoch(fleet, gone);
    epochMachine(fleet, home).learn(next);
    await fleet.advance(500);
    const before = batchesOf(fleet.wire, home).length;
    await expect(fleet.submit(attemptOf('late'), home)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await fleet.submit(attemptOf('other'), fleet.ranked[1]).catch(() => undefined);
    expect(batchesOf(fleet.wire, home)).toHaveLength(before);
  });

  it('says nothing more in it to a request that came before', async () => {
    const [home = 1, second = 2] = fleet.ranked;
    const { engine } = fleet.machine(home).now.node;
    epochMachine(fleet, home).learn(nextEpoch(fleet, gone));
    await fleet.advance(500);
    const before = batchesOf(fleet.wire, home).length;
    const entry = attemptOf('late');
    engine.feed(alice, { kind: 'submit', id: entryId(entry.core), entry, tokenExpired: false });
    engine.feed(alice, { kind: 'prepare', from: second, index: 2, ballot: { round: 1, node: second, incarnation: 1 } });
    await fleet.advance(500);
    expect(batchesOf(fleet.wire, home)).toHaveLength(before);
    await expect(engine.post(alice, { kind: 'tick' })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('vouches for it to a member of the next epoch that asks for itself, and to nobody else', async () => {
    const [home = 1, second = 2] = fleet.ranked;
    const next = nextEpoch(fleet, gone);
    epochMachine(fleet, home).learn(next);
    await fleet.advance(500);
    const subject = { fleetId: 'main', epoch: 1, node: gone, nonce: bytesOf('nonce') };
    const ask = (by: (message: Bytes) => Bytes, change: Partial<typeof subject> = {}) => {
      const asked = { ...subject, ...change };
      return fleet.run(
        fleet.gateway.call(peerClosed, { ...asked, signature: by(closingQuestionMessage(asked)) }, { node: `main-${home}` }),
      );
    };
    const newcomer = (message: Bytes): Bytes => fleet.machine(gone).keystore.sign(message);
    const { signature } = await ask(newcomer);
    const own = next.members[home - 1]?.identityKey ?? new Uint8Array(32);
    expect(nodeVerifier.verify(own, closedMessage(subject, home), signature)).toBe(true);
    await expect(ask((message) => stranger.sign(message))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask((message) => fleet.machine(second).keystore.sign(message))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask(newcomer, { epoch: 2 })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('waits for q nodes that closed it as well, itself included', async () => {
    const [first = 1, second = 2, third = 3] = others;
    const next = nextEpoch(fleet, gone);
    await fleet.start(gone);
    for (const node of [first, second]) epochMachine(fleet, node).learn(next);
    await fleet.advance(5_000);
    expect(opened()).toEqual([]);
    epochMachine(fleet, third).learn(next);
    await fleet.advance(5_000);
    expect(ready().filter(Boolean)).toHaveLength(4);
  });

  it('opens the next one after a restart too', async () => {
    const next = nextEpoch(fleet, gone);
    for (const node of others) epochMachine(fleet, node).learn(next);
    await fleet.settle();
    for (const node of others) fleet.machine(node).kill();
    for (const { roster } of fleet.machines) await fleet.start(roster.self);
    await fleet.advance(6_000);
    expect(ready()).toEqual(ALL);
    expect((await fleet.submit(attemptOf('right'))).index).toBe(2);
  });
});

describe('a node that was down while its fleet went on', () => {
  it('opens the epoch when it returns, with everything that was decided meanwhile', async () => {
    const [first = 1, second = 2] = others;
    fleet.machine(first).kill();
    const next = await replaceNode(fleet, gone);
    await fleet.advance(5_000);
    const set = await fleet.submit(attemptOf('meanwhile'), second);
    epochMachine(fleet, first).learn(next);
    await fleet.start(first);
    await fleet.advance(5_000);
    expect(ready()).toEqual(ALL);
    expect(fleet.account(first).state.index).toBe(set.index);
  });

  it('does not vouch for an epoch that it may have forgotten: it rejoins it first, and then closes it', async () => {
    const [first = 1, second = 2, third = 3, fourth = 4] = others;
    const next = nextEpoch(fleet, gone);
    for (const node of [third, fourth]) fleet.machine(node).kill();
    for (const node of [first, second]) epochMachine(fleet, node).learn(next);
    for (const node of [third, fourth]) epochMachine(fleet, node).learn(next);
    for (const node of [gone, third]) await fleet.start(node);
    // Three of four hold their state, and one of them cannot know whether it is the newest that it ever wrote.
    await fleet.advance(5_000);
    expect(opened()).toEqual([]);
    await fleet.start(fourth);
    await fleet.advance(6_000);
    expect(ready()).toEqual(ALL);
  });
});

describe('a value of the epoch that ends', () => {
  it('is not lost when the home node alone accepted it', async () => {
    const [home = 1, second = 2] = fleet.ranked;
    fleet.wire.fate = ({ from, to, name }) => (from === home && to !== 0 && name === 'batch' ? 'lose' : 'deliver');
    const waiting = fleet.submit(attemptOf('lonely'), home).catch(() => undefined);
    await waiting;
    expect(fleet.account(home).accepted).not.toBeNull();
    fleet.wire.fate = () => 'deliver';
    await replaceNode(fleet, gone);
    await fleet.advance(3_000);
    expect(ready()).toEqual(ALL);
    const carriers = fleet.machines.filter(({ roster }) => fleet.account(roster.self).accepted !== null);
    expect(carriers.map(({ roster }) => roster.self)).toContain(home);
    const set = await fleet.submit(attemptOf('other'), second).catch(() => null);
    const [at2, at3] = [decidedAt(second, 2), decidedAt(second, 3)];
    expect([at2, at3].some((id) => id !== null && equal(id, entryId(attemptOf('other').core)))).toBe(set !== null);
  });

  it('is on the disk of every node that opened the next one, before any of them takes part', async () => {
    const [home = 1, second = 2] = fleet.ranked;
    const cut = (to: number): boolean => to !== home && to !== second && to !== 0;
    fleet.wire.fate = ({ to, name }) => (name === 'batch' && cut(to) ? 'lose' : 'deliver');
    await fleet.submit(attemptOf('early'), home).catch(() => undefined);
    fleet.wire.fate = ({ name }) => (name === 'peer.rejoin' ? 'lose' : 'deliver');
    await replaceNode(fleet, gone);
    await fleet.advance(3_000);
    const waiting = opened().filter((node) => !ready()[node - 1]);
    expect(waiting).toHaveLength(5);
    const carried = waiting.map((node) => new AccountRows(fleet.machine(node).disk).load(alice).accepted?.value);
    const ids = carried.map((value) => (value === undefined ? null : entryId(parseLogValue(value, () => true).entry.core)));
    expect(ids).toEqual(waiting.map(() => entryId(attemptOf('early').core)));
  });

  it('that only the gateway saw decided stays decided', async () => {
    const [home = 1, second = 2, third = 3] = fleet.ranked;
    // q nodes vote, and hear nothing of each other's votes: only the bus could put them together.
    fleet.wire.fate = ({ from, to, name }) =>
      name !== 'batch' || from === 0 || (from === home && (to === second || to === third)) ? 'deliver' : 'lose';
    await fleet.submit(attemptOf('hidden'), home).catch(() => undefined);
    const voters = [home, second, third].filter((node) => fleet.account(node).accepted !== null);
    expect(voters).toHaveLength(3);
    fleet.wire.fate = () => 'deliver';
    // Of those who voted only one is left to hand it over.
    const next = nextEpoch(fleet, home);
    fleet.machine(second).kill();
    for (const node of fleet.ranked.filter((one) => one !== home && one !== second)) epochMachine(fleet, node).learn(next);
    await fleet.start(home);
    await fleet.advance(5_000);
    const up = fleet.machines.filter(({ roster }) => epochMachine(fleet, roster.self).ready).map(({ roster }) => roster.self);
    expect(up).toHaveLength(4);
    // And that one ends too: those who only heard of the value decide it all the same.
    fleet.machine(third).kill();
    const heard = up.filter((node) => node !== third);
    await fleet.advance(1_500);
    for (const [i, node] of heard.entries()) {
      await fleet.submit(attemptOf(`other ${i}`), node).catch(() => undefined);
      await fleet.advance(1_000);
    }
    for (const node of heard) expect(decidedAt(node, 2)).toEqual(entryId(attemptOf('hidden').core));
  });
});
