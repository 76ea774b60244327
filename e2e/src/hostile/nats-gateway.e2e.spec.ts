import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeHeartbeat } from '@strongroom/contracts';
import { logValueHash, equal, parseVote, rankNodes, type FleetRoster } from '@strongroom/protocol';
import { freshAccount, TestFleet } from '@strongroom/testing';
import { eavesdrop, forgedVote, valueOf, withPointsOf, type CarriedVote } from './forged-votes.js';
import { codeOf, Intruder, type Decided } from './intruder.js';
import { flipped, newAttempt, stranger, Victim, type MadeAttempt } from './victim.js';

const NODES = [1, 2, 3, 4, 5];

/** Puts the votes of a real attempt under an entry that nobody voted for. */
type Forge = (real: Decided, unsent: MadeAttempt) => Decided;

const nextOf = (real: Decided, unsent: MadeAttempt, votes: readonly CarriedVote[]): Decided => ({
  index: real.index + 1,
  value: valueOf(unsent.entry),
  votes: [...votes],
});

function votesBy(real: Decided, unsent: MadeAttempt, signerOf: () => ReturnType<typeof stranger>): Decided {
  const set = nextOf(real, unsent, []);
  return { ...set, votes: real.votes.map((vote) => forgedVote(vote, set.index, set.value, signerOf())) };
}

const FORGERIES: readonly (readonly [string, Forge])[] = [
  ['no votes at all', (real, unsent) => nextOf(real, unsent, [])],
  ['votes signed by strangers', (real, unsent) => votesBy(real, unsent, stranger)],
  ['the votes of another attempt', (real, unsent) => nextOf(real, unsent, real.votes)],
  ['the votes of another attempt under its own number', (real, unsent) => ({ ...real, value: valueOf(unsent.entry) })],
  [
    'the same voter three times',
    (real, unsent) =>
      nextOf(
        real,
        unsent,
        real.votes.slice(0, 1).flatMap((vote) => [vote, vote, vote]),
      ),
  ],
  [
    'votes with a flipped bit in the statement',
    (real, unsent) =>
      nextOf(
        real,
        unsent,
        real.votes.map((vote) => ({ ...vote, statement: flipped(vote.statement) })),
      ),
  ],
  [
    'votes with a flipped bit in the signature',
    (real, unsent) =>
      nextOf(
        real,
        unsent,
        real.votes.map((vote) => ({ ...vote, signature: flipped(vote.signature) })),
      ),
  ],
  [
    'votes of nodes that do not exist',
    (real, unsent) =>
      nextOf(
        real,
        unsent,
        real.votes.map((vote, i) => ({ ...vote, node: 30 + i })),
      ),
  ],
  ['a decided attempt whose entry was swapped', (real, unsent) => ({ ...real, value: withPointsOf(real.value, unsent.core) })],
];

describe('a hostile gateway on the bus gets no evaluation', () => {
  let fleet: TestFleet;
  let intruder: Intruder;
  let victim: Victim;
  let roster: FleetRoster;

  beforeAll(async () => {
    fleet = await TestFleet.create();
    intruder = await Intruder.enter(fleet);
    victim = await Victim.protect(fleet);
    roster = await intruder.roster(victim.device);
  }, 120_000);
  afterAll(async () => {
    await intruder.leave();
    await fleet.stop();
  }, 60_000);

  it('without votes, at any node', async () => {
    const { id } = await newAttempt(victim);
    for (const node of NODES) expect(await codeOf(intruder.evaluate(node, { uid: victim.uid, attemptId: id }))).toBe('FLEET_UNAVAILABLE');
    expect(await victim.attemptsLeft()).toBe(10);
    expect(await victim.recovers()).toBe(true);
  });

  it.each(FORGERIES)('with %s', async (_what, forge) => {
    const real = await newAttempt(victim);
    const decided = await intruder.submit(1, real.entry);
    const unsent = await newAttempt(victim);
    const left = await victim.attemptsLeft();
    for (const node of NODES) {
      const request = { uid: victim.uid, attemptId: unsent.id, decided: forge(decided, unsent) };
      expect(['NODE_MISBEHAVED', 'FLEET_UNAVAILABLE', 'REQUEST_INVALID']).toContain(await codeOf(intruder.evaluate(node, request)));
    }
    expect(await victim.attemptsLeft()).toBe(left);
    expect(await victim.recovers()).toBe(true);
    expect(await victim.attemptsLeft()).toBe(10);
  });

  it('with the attempt of an account of its own, whether asked for before or after it is decided', async () => {
    const own = await Victim.protect(fleet, freshAccount('mallory'));
    const untouched = await Victim.protect(fleet);
    const early = await newAttempt(own);
    const asked = NODES.map((node) => codeOf(intruder.evaluate(node, { uid: untouched.uid, attemptId: early.id }, 2_000)));
    const decided = await intruder.submit(1, early.entry);
    for (const code of await Promise.all(asked)) expect(code).toBe('FLEET_UNAVAILABLE');
    for (const node of NODES) {
      const request = { uid: untouched.uid, attemptId: early.id, decided };
      expect(['NODE_MISBEHAVED', 'FLEET_UNAVAILABLE']).toContain(await codeOf(intruder.evaluate(node, request)));
    }
    expect(await untouched.attemptsLeft()).toBe(10);
    expect(await untouched.recovers()).toBe(true);
  });

  it('with a replayed quorum of an attempt before the last confirmed one', async () => {
    const old = await newAttempt(victim);
    const decided = await intruder.submit(1, old.entry);
    expect((await intruder.evaluate(1, { uid: victim.uid, attemptId: old.id })).decided.index).toBe(decided.index);
    expect(await victim.recovers()).toBe(true);
    await fleet.until('every node to know the confirmation', async () => {
      const codes = await Promise.all(
        NODES.map((node) => codeOf(intruder.evaluate(node, { uid: victim.uid, attemptId: old.id, decided })).catch(() => 'OK')),
      );
      return codes.every((code) => code === 'CONFLICT');
    });
  });

  it('for two of three votes, though it fakes the heartbeats of nodes that are silent', async () => {
    const lone = await accountAtHome(1);
    const heard = await eavesdrop(intruder, roster);
    const silent = fleet.stack.services.nodes.slice(2);
    const unlucky = await newAttempt(lone);
    for (const node of silent) node.pause();
    const beat = setInterval(() => {
      for (const node of [3, 4, 5])
        intruder.bus.broadcast(nodeHeartbeat, intruder.fleetId, { node, incarnation: 1, ready: true, sequence: 1_000_000 });
    }, 200);
    try {
      expect(await codeOf(intruder.submit(1, unlucky.entry))).toBe('FLEET_UNAVAILABLE');
      const value = heard.values.at(-1) ?? new Uint8Array(0);
      const real = heard.votes.filter(({ statement }) => equal(parseVote(statement).valueHash, logValueHash(value)));
      const two = [1, 2].flatMap((node) => real.filter((vote) => vote.node === node).slice(0, 1));
      expect(two).toHaveLength(2);
      const index = parseVote(two[0]?.statement ?? value).index;
      const thirds = two.flatMap((vote) => [vote, forgedVote({ ...vote, node: 3 }, index, value, stranger()), { ...vote, node: 3 }]);
      for (const votes of [two, ...thirds.map((third) => [...two, third])]) {
        const request = { uid: lone.uid, attemptId: unlucky.id, decided: { index, value, votes } };
        for (const node of [1, 2]) expect(['NODE_MISBEHAVED', 'REQUEST_INVALID']).toContain(await codeOf(intruder.evaluate(node, request)));
      }
    } finally {
      clearInterval(beat);
      for (const node of silent) node.resume();
      await heard.stop();
    }
    const fakedUntil = performance.now();
    await fleet.until('the faked heartbeats to be forgotten', () => performance.now() - fakedUntil > 1_500);
    await fleet.healthy();
    expect(await lone.recovers()).toBe(true);
    expect(await lone.attemptsLeft()).toBe(10);
  }, 60_000);

  it('for more than the one attempt that is submitted ten times at five nodes at once', async () => {
    const { entry, id } = await newAttempt(victim);
    const left = await victim.attemptsLeft();
    const all = await Promise.allSettled(NODES.flatMap((node) => Array.from({ length: 10 }, () => intruder.submit(node, entry))));
    const decided = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(decided.length).toBeGreaterThan(0);
    expect(new Set(decided.map(({ index }) => index)).size).toBe(1);
    expect(await victim.attemptsLeft()).toBe(left - 1);
    const evaluations = await Promise.all(NODES.map((node) => intruder.evaluate(node, { uid: victim.uid, attemptId: id }, 2_000)));
    expect(new Set(evaluations.map(({ decided: { index } }) => index)).size).toBe(1);
    expect(await victim.recovers()).toBe(true);
  });

  /** A protected account whose home is `node`. */
  async function accountAtHome(node: number): Promise<Victim> {
    for (;;) {
      const account = freshAccount('home');
      if (rankNodes(fleet.device(account).uid, roster)[0] === node) return Victim.protect(fleet, account);
    }
  }
});
