import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptEvaluate, attemptResponse, confirmResponse, nodeHeartbeat } from '@strongroom/contracts';
import { fromBase64url, nobleGroup, randomScalar, rankNodes, toBase64url, type Bytes } from '@strongroom/protocol';
import { freshAccount, TestFleet } from '@strongroom/testing';
import type { BundleFleet } from '@strongroom/transparency';
import type { z } from 'zod';
import { alteringFetch } from './altering-fetch.js';
import { codeOf, Intruder } from './intruder.js';
import { flipped, random, RIGHT, stranger, Victim } from './victim.js';

type Attempted = z.infer<typeof attemptResponse>;
type Evaluation = Attempted['evaluations'][number];

const otherPoint = (): Bytes => nobleGroup.multiplyBase(randomScalar(random));
const flippedText = (text: string): string => toBase64url(flipped(fromBase64url(text), 40));

/**
 * What the fleet says after somebody has touched all that one node says. The liar is whoever comes first in the first
 * answer: which nodes are in an answer is a matter of their speed, so a node chosen beforehand may never be heard.
 */
class Liar {
  private node: number | undefined;

  constructor(private readonly touch: (evaluation: Evaluation) => Evaluation) {}

  readonly answer = (path: string, body: unknown): unknown => {
    if (path !== '/v1/attempts') return body;
    const answer = attemptResponse.parse(body);
    this.node ??= answer.evaluations[0]?.node;
    return { ...answer, evaluations: answer.evaluations.map((one) => (one.node === this.node ? this.touch(one) : one)) };
  };

  get name(): number | undefined {
    return this.node;
  }
}

describe('a node that lies', () => {
  let fleet: TestFleet;
  let intruder: Intruder;
  let roster: BundleFleet;

  beforeAll(async () => {
    // Long enough for a liar that has to ask an honest node first: nobody steps in for it.
    fleet = await TestFleet.create({ env: { 'session-gateway': { HEDGE_DELAY_MS: '1000' } } });
    intruder = await Intruder.enter(fleet);
    roster = await intruder.roster(fleet.device());
  }, 120_000);
  afterAll(async () => {
    await intruder.leave();
    await fleet.stop();
  }, 60_000);

  async function protectedWith(accept: (ranked: readonly number[]) => boolean = () => true): Promise<Victim> {
    for (;;) {
      const account = freshAccount('told-lies');
      if (accept(rankNodes(fleet.device(account).uid, roster))) return Victim.protect(fleet, account);
    }
  }

  const recoverOver = async (victim: Victim, answer: (path: string, body: unknown) => unknown) => {
    const result = await fleet.device(victim.device.account, { fetch: alteringFetch({ answer }) }).client.recover(RIGHT);
    expect(Buffer.from(result.backupKey.reveal())).toEqual(Buffer.from(victim.backupKey));
    return result;
  };

  const lies: readonly (readonly [string, (evaluation: Evaluation) => Evaluation])[] = [
    [
      'its point',
      (one) => ({ ...one, evaluation: toBase64url(Uint8Array.of(...otherPoint(), ...fromBase64url(one.evaluation).subarray(32))) }),
    ],
    ['its proof', (one) => ({ ...one, evaluation: flippedText(one.evaluation) })],
    ['its signature', (one) => ({ ...one, signature: flippedText(one.signature) })],
    [
      'all of it, signed by a stranger',
      (one) => ({ ...one, evaluation: toBase64url(random.bytes(96)), signature: toBase64url(stranger().sign(random.bytes(8))) }),
    ],
  ];

  it.each(lies)('about %s is left out, named, and costs no second attempt', async (_what, touch) => {
    const victim = await protectedWith();
    const liar = new Liar(touch);
    const { excluded, attemptsLeft } = await recoverOver(victim, liar.answer);
    expect(excluded).toEqual([{ node: liar.name, reason: 'signature', proof: null }]);
    expect(attemptsLeft).toBe(10);
    expect(await victim.attemptsLeft()).toBe(10);
  });

  it.each<readonly [string, (answer: Attempted) => Attempted]>([
    ['the record', (answer) => ({ ...answer, record: flippedText(answer.record) })],
    [
      'a vote',
      (answer) => ({
        ...answer,
        decided: { ...answer.decided, votes: answer.decided.votes.map((vote) => ({ ...vote, signature: flippedText(vote.signature) })) },
      }),
    ],
    ['the number of votes', (answer) => ({ ...answer, decided: { ...answer.decided, votes: answer.decided.votes.slice(1) } })],
    ['the decided value', (answer) => ({ ...answer, decided: { ...answer.decided, value: flippedText(answer.decided.value) } })],
    ['the index', (answer) => ({ ...answer, decided: { ...answer.decided, index: answer.decided.index + 1 } })],
  ])('about %s is gone round by asking another', async (_what, touch) => {
    const victim = await protectedWith();
    let liar: number | undefined;
    const { attemptsLeft } = await recoverOver(victim, (path, body) => {
      if (path !== '/v1/attempts') return body;
      const answer = attemptResponse.parse(body);
      liar ??= answer.evaluations[0]?.node;
      return answer.evaluations[0]?.node === liar ? touch(answer) : answer;
    });
    expect(attemptsLeft).toBe(10);
    expect(await victim.attemptsLeft()).toBe(10);
  });

  it('about its secret share is left out and named', async () => {
    const victim = await protectedWith();
    let liar: number | undefined;
    const { excluded } = await recoverOver(victim, (path, body) => {
      if (!path.endsWith('/confirm')) return body;
      const answer = confirmResponse.parse(body);
      liar ??= answer.secrets[0]?.node;
      return {
        ...answer,
        secrets: answer.secrets.map((one) => (one.node === liar ? { ...one, sealedSecret: flippedText(one.sealedSecret) } : one)),
      };
    });
    expect(excluded).toEqual([{ node: liar, reason: 'secret', proof: null }]);
  });

  it('convicts nobody when the gateway makes all of them lie, and costs one attempt', async () => {
    const victim = await protectedWith();
    const all = (path: string, body: unknown): unknown => {
      if (path !== '/v1/attempts') return body;
      const answer = attemptResponse.parse(body);
      return { ...answer, evaluations: answer.evaluations.map((one) => ({ ...one, evaluation: toBase64url(random.bytes(96)) })) };
    };
    const { client } = fleet.device(victim.device.account, { fetch: alteringFetch({ answer: all }) });
    expect(await codeOf(client.recover(RIGHT))).toBe('FLEET_UNAVAILABLE');
    expect(await victim.attemptsLeft()).toBe(9);
    expect(await victim.recovers()).toBe(true);
  });

  it('in the place of a silent one is left out and named', async () => {
    const liar = 4;
    const victim = await protectedWith((ranked) => ranked[1] === liar);
    const silent = fleet.stack.services.nodes[liar - 1];
    let asked = 0;
    const stop = await intruder.bus.serve(
      attemptEvaluate,
      async ({ uid, attemptId }) => {
        asked += 1;
        const honest = await intruder.evaluate(1, { uid, attemptId }, 2_000);
        const evaluation = Uint8Array.of(...otherPoint(), ...honest.evaluation.subarray(32));
        return { ...honest, node: liar, evaluation, signature: stranger().sign(evaluation) };
      },
      { node: intruder.address(liar) },
    );
    silent?.pause();
    const beat = setInterval(
      () =>
        intruder.bus.broadcast(nodeHeartbeat, intruder.fleetId, { node: liar, incarnation: 1, ready: true, sequence: 1_000_000 + asked }),
      100,
    );
    try {
      const { excluded, backupKey, confirmedBy } = await fleet.device(victim.device.account).client.recover(RIGHT);
      expect(Buffer.from(backupKey.reveal())).toEqual(Buffer.from(victim.backupKey));
      expect(asked).toBeGreaterThan(0);
      expect(excluded).toEqual([{ node: liar, reason: 'signature', proof: null }]);
      expect(confirmedBy).not.toContain(liar);
    } finally {
      clearInterval(beat);
      silent?.resume();
      await stop();
    }
    await fleet.healthy();
    expect(await victim.attemptsLeft()).toBe(10);
  }, 60_000);
});
