import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  batchBroadcast,
  peerAttest,
  peerFetchRecord,
  peerFetchSets,
  peerOfferSets,
  peerRejoin,
  peerState,
  recordHeld,
  type MessageOf,
  type RequestOf,
} from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import { parseLogValue, toHex } from '@strongroom/protocol';
import { TestFleet } from '@strongroom/testing';
import { forgedVote, valueOf } from './forged-votes.js';
import { codeOf, Intruder } from './intruder.js';
import { flipped, newAttempt, random, stranger, Victim } from './victim.js';

type Batch = MessageOf<typeof batchBroadcast>;
const NODES = [1, 2, 3, 4, 5];

describe('a stranger on the bus who plays a node', () => {
  let fleet: TestFleet;
  let intruder: Intruder;
  let victim: Victim;

  beforeAll(async () => {
    fleet = await TestFleet.create();
    intruder = await Intruder.enter(fleet);
    victim = await Victim.protect(fleet);
  }, 120_000);
  afterAll(async () => {
    await intruder.leave();
    await fleet.stop();
  }, 60_000);

  const question = (changes: object): RequestOf<typeof peerRejoin> => {
    const nonce = random.bytes(32);
    return {
      fleetId: intruder.fleetId,
      epoch: fleet.stack.fleet.epoch,
      node: 2,
      incarnation: 50,
      nonce,
      signature: stranger().sign(nonce),
      ...changes,
    };
  };

  /** Everything is as it was: the right code works and the budget is whole. */
  async function unharmed(account: Victim = victim): Promise<void> {
    await fleet.until('the account to be usable', () => account.recovers());
    expect(await account.attemptsLeft()).toBe(10);
  }

  /** The record that the first entry of an account registers, once all living nodes hold it decided. */
  async function registeredHash({ uid }: Victim): Promise<Uint8Array> {
    const values: Uint8Array[] = [];
    await fleet.until('the registration to be known', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map((node) => intruder.call(peerFetchSets, node, { uid, fromIndex: 1 })));
      values.splice(0, values.length, ...answers.flatMap(({ sets }) => sets.slice(0, 1).map(({ value }) => value)));
      return values.length === answers.length;
    });
    const { core } = parseLogValue(values[0] ?? new Uint8Array(0)).entry;
    if (core.kind !== 'register') throw new Error('an account begins with a registration');
    return core.recordHash;
  }

  it.each([
    ['with a forged signature', {}, 'TOKEN_INVALID'],
    ['in the name of a node that does not exist', { node: 32 }, 'NODE_MISBEHAVED'],
    ['in the name of the node that it asks', { node: 1 }, 'REQUEST_INVALID'],
    ['of another epoch', { epoch: 99 }, 'REQUEST_INVALID'],
    ['of another fleet', { fleetId: 'elsewhere' }, 'REQUEST_INVALID'],
  ])('fences nobody by a rejoin %s', async (_what, changes, code) => {
    expect(await codeOf(intruder.call(peerRejoin, 1, question(changes)))).toBe(code);
    await unharmed();
  });

  it('fences nobody by a real question of an earlier start', async () => {
    const heard: RequestOf<typeof peerRejoin>[] = [];
    const joined = fleet.events.length;
    const tap = intruder.raw.subscribe(`${peerRejoin.subject}.${intruder.address(1)}`, {
      callback: (_error, { data }) => void heard.push(decodeMessage(data, peerRejoin.maxBytes, peerRejoin.request)),
    });
    await intruder.raw.flush();
    const nonces = (): number => new Set(heard.map(({ nonce }) => toHex(nonce))).size;
    for (let start = 1; start <= 2; start++) {
      await fleet.stack.services.nodes[4]?.restart();
      await fleet.until('node 5 to ask again', () => nonces() >= start);
    }
    tap.unsubscribe();
    await fleet.until('node 5 to take part', () => fleet.told('node.joined', joined).length >= 1);
    await fleet.healthy();
    const [first] = heard;
    if (first === undefined) throw new Error('node 5 asked nobody');
    expect(await codeOf(intruder.call(peerRejoin, 1, first))).toBe('CONFLICT');
    expect(await codeOf(intruder.call(peerRejoin, 1, { ...first, incarnation: first.incarnation + 9 }))).toBe('TOKEN_INVALID');
    expect(await codeOf(intruder.call(peerState, 1, { node: 5, nonce: first.nonce, after: null }))).toBe('CONFLICT');
    await unharmed();
  }, 60_000);

  it('is told no more than there is, and makes nobody learn what q nodes did not vote for', async () => {
    const { entry } = await newAttempt(victim);
    const decided = await intruder.submit(1, entry);
    expect((await intruder.call(peerFetchSets, 1, { uid: victim.uid, fromIndex: Number.MAX_SAFE_INTEGER })).sets).toEqual([]);
    expect(await intruder.call(peerFetchSets, 1, { uid: random.bytes(32), fromIndex: 1 })).toEqual({ sets: [], confirmation: null });
    expect(await codeOf(intruder.call(peerFetchRecord, 1, { uid: victim.uid, recordHash: random.bytes(32), node: 2 }))).toBe(
      'RECORD_UNKNOWN',
    );
    expect((await intruder.call(peerAttest, 1, { uid: random.bytes(32), nonce: random.bytes(32) })).index).toBe(0);
    const unsent = await newAttempt(victim);
    const value = valueOf(unsent.entry);
    const index = decided.index + 1;
    for (const votes of [[], decided.votes, decided.votes.map((vote) => forgedVote(vote, index, value, stranger()))]) {
      for (const node of NODES) {
        const offer = { uid: victim.uid, sets: [{ index, value, votes: [...votes] }], confirmation: null };
        expect(await codeOf(intruder.call(peerOfferSets, node, offer))).toBe('NODE_MISBEHAVED');
      }
    }
    expect(await victim.attemptsLeft()).toBe(9);
    await unharmed();
  });

  it('changes nothing by batches that are forged, replayed, reordered, altered or in the name of another', async () => {
    const heard: Batch[] = [];
    const stop = await intruder.bus.onBroadcast(batchBroadcast, intruder.fleetId, (batch) => void heard.push(batch));
    await intruder.bus.flush();
    const { entry } = await newAttempt(victim);
    const { index } = await intruder.submit(1, entry);
    await fleet.until('the batches to be heard', () => heard.length >= 5);
    await stop();
    const left = await victim.attemptsLeft();
    const say = (batch: Batch): boolean => intruder.bus.broadcast(batchBroadcast, intruder.fleetId, batch);
    for (const batch of [...heard, ...heard.toReversed()]) {
      const { signed } = batch;
      say(batch);
      say({ ...batch, node: (batch.node % 5) + 1 });
      say({ ...batch, node: 32 });
      say({ ...batch, incarnation: batch.incarnation + 1 });
      say({ ...batch, proposals: [], reports: [] });
      say({ ...batch, proposals: [], reports: [{ leaf: 0, accepted: null, confirmation: null }] });
      say({ ...batch, proposals: batch.proposals.map((proposal) => ({ ...proposal, value: flipped(proposal.value) })) });
      if (signed === null) continue;
      say({ ...batch, signed: { ...signed, sequence: signed.sequence + 1_000 } });
      say({ ...batch, signed: { ...signed, signature: random.bytes(64) } });
      say({ ...batch, signed: { ...signed, statements: [...signed.statements, ...signed.statements] } });
      say({ ...batch, signed: { ...signed, statements: signed.statements.map((statement) => flipped(statement)) } });
    }
    await intruder.bus.flush();
    expect(await victim.attemptsLeft()).toBe(left);
    expect((await intruder.submit(2, entry)).index).toBe(index);
    expect(fleet.told('misbehaved')).toEqual([]);
    await unharmed();
  });

  it('makes no account unusable by a flood of nacks and refusals while attempts are under way', async () => {
    const target = await Victim.protect(fleet);
    const index = 2;
    let round = 1;
    const flood = setInterval(() => {
      round = Math.min(round + 60_000, 0xfffffff0);
      for (const node of NODES) {
        const nacks = Array.from({ length: 20 }, (_, i) => ({
          uid: target.uid,
          index,
          promised: { round: Math.max(1, round - i * 60_000), node, incarnation: 1 },
        }));
        const ballot = { round: 1, node: (node % 5) + 1, incarnation: 1 };
        const refusal = { uid: target.uid, index, ballot, code: 'RECORD_LOCKED' as const, message: 'no', confirmation: null };
        const refusals = NODES.map((proposer) => ({ ...refusal, ballot: { ...ballot, node: proposer } }));
        intruder.bus.broadcast(batchBroadcast, intruder.fleetId, {
          node,
          incarnation: 1,
          signed: null,
          proposals: [],
          reports: [],
          nacks,
          refusals,
          confirmations: [],
        });
      }
    }, 5);
    try {
      for (let i = 0; i < 3; i++) {
        const { entry } = await newAttempt(target);
        await Promise.allSettled(NODES.map((node) => intruder.submit(node, entry)));
      }
    } finally {
      clearInterval(flood);
    }
    await unharmed(target);
  }, 60_000);

  it('outlives a batch that is as large as may be', async () => {
    const nack = { uid: victim.uid, index: 1_000, promised: { round: 1, node: 2, incarnation: 1 } };
    const nacks = Array.from({ length: 9_000 }, () => nack);
    for (let i = 0; i < 5; i++)
      intruder.bus.broadcast(batchBroadcast, intruder.fleetId, {
        node: 2,
        incarnation: 1,
        signed: null,
        proposals: [],
        reports: [],
        nacks,
        refusals: [],
        confirmations: [],
      });
    await unharmed();
  });

  it('has no peer destroy the share that it keeps for a node that is away', async () => {
    const { nodes } = fleet.stack.services;
    await nodes[4]?.kill9();
    const away = await Victim.protect(fleet);
    const recordHash = await registeredHash(away);
    for (const node of [5, 32]) {
      for (let i = 0; i < 3; i++) {
        intruder.bus.broadcast(recordHeld, intruder.fleetId, { node, uid: away.uid, recordHash, signature: random.bytes(64) });
      }
    }
    await intruder.bus.flush();
    for (const node of [1, 2, 3, 4])
      expect((await intruder.call(peerFetchRecord, node, { uid: away.uid, recordHash, node: 5 })).sealed.length).toBe(112);
    await nodes[4]?.start();
    await fleet.healthy();
    await unharmed(away);
  }, 60_000);
});
