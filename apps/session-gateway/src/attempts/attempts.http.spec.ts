import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptEvaluate, attemptResponse, entrySubmit, type RequestOf } from '@strongroom/contracts';
import { entryId, rankNodes, VaultError } from '@strongroom/protocol';
import { decidedBy, evaluationBy, exampleNote, FLEET_ID, NODES } from '../example/example-fleet.js';
import { ALICE, coreOf, entryOf, exampleGateway, tokenFor, type ExampleGateway } from '../example/example-gateway.js';
import type { Decided } from '../fleet/decided.js';

const ranked = rankNodes(ALICE, { fleetId: FLEET_ID, epoch: 1, n: 5 });
const [home = 0, second = 0, third = 0, fourth = 0] = ranked;
const away = new VaultError('FLEET_UNAVAILABLE', 'away');
const never = new Promise<never>(() => undefined);
const name = (node: number): string => `${FLEET_ID}-${node}`;

let gateway: ExampleGateway;
let decision: Promise<Decided>;
let decide: (decided: Decided) => void;

/** Nodes that work: whoever is handed the entry decides it, and all evaluate what is decided. */
beforeEach(async () => {
  gateway = await exampleGateway();
  decision = new Promise((resolve) => (decide = resolve));
  for (const node of NODES) {
    onSubmit(node, ({ entry }) => {
      decide(decidedBy(entry));
      return decision;
    });
    onEvaluate(node, async () => evaluationBy(node, await decision));
  }
});

afterEach(() => gateway.app.close());

function onSubmit(node: number, handler: (request: RequestOf<typeof entrySubmit>) => Decided | Promise<Decided>): void {
  gateway.bus.serve(entrySubmit, name(node), handler);
}

function onEvaluate(
  node: number,
  handler: Parameters<typeof gateway.bus.serve<RequestOf<typeof attemptEvaluate>, ReturnType<typeof evaluationBy>>>[2],
): void {
  gateway.bus.serve(attemptEvaluate, name(node), handler);
}

function refuse(error: VaultError): () => never {
  return () => {
    throw error;
  };
}

async function attempt(
  body: object = {},
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await gateway.app.inject({
    method: 'POST',
    url: '/v1/attempts',
    headers: { authorization: `Bearer ${await tokenFor()}`, ...headers },
    payload: { entry: entryOf('attempt'), ...body },
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function evaluators(body: object = {}): Promise<readonly number[]> {
  const answer = await attempt(body);
  expect(answer.status).toBe(200);
  return attemptResponse.parse(answer.body).evaluations.map(({ node }) => node);
}

describe('an attempt', () => {
  it('goes to the home node alone and is evaluated by the first t', async () => {
    expect(await evaluators()).toEqual([home, second, third]);
    expect(gateway.bus.callsOf(entrySubmit).map(({ subject }) => subject)).toEqual([`${entrySubmit.subject}.${name(home)}`]);
    expect(gateway.bus.callsOf(attemptEvaluate)).toHaveLength(3);
  });

  it('asks for the evaluation of exactly this attempt, with a wait that ends before the deadline', async () => {
    await attempt();
    const id = entryId(coreOf('attempt', {}));
    for (const { request } of gateway.bus.callsOf(attemptEvaluate)) {
      expect(request).toMatchObject({ uid: ALICE, attemptId: id, waitMs: 1_900 });
    }
  });

  it('carries the bundle, and leaves it out for a client that holds it', async () => {
    const { body } = await attempt();
    expect(body['bundle']).toBe(exampleNote);
    const bundle = (await gateway.app.inject({ method: 'GET', url: '/v1/fleet-bundle' })).json();
    expect((await attempt({}, { 'strongroom-bundle': bundle.digest })).body).not.toHaveProperty('bundle');
    expect((await attempt({}, { 'strongroom-bundle': '0'.repeat(64) })).body).toHaveProperty('bundle');
  });

  it('goes to the next node when the home node is not live', async () => {
    gateway.clock.now += 2_000;
    gateway.live(ranked.slice(1));
    expect(await evaluators()).toEqual(ranked.slice(1, 4));
    expect(gateway.bus.callsOf(entrySubmit)[0]?.subject).toBe(`${entrySubmit.subject}.${name(second)}`);
  });

  it('is refused at once with fewer than q live nodes, and nothing is sent', async () => {
    gateway.clock.now += 2_000;
    gateway.live([1, 2]);
    expect(await attempt()).toMatchObject({ status: 503, body: { code: 'FLEET_UNAVAILABLE' } });
    expect(gateway.bus.callsOf(entrySubmit)).toEqual([]);
  });

  it('survives two live nodes that answer nothing', async () => {
    for (const node of [home, third]) {
      onSubmit(node, () => never);
      onEvaluate(node, () => never);
    }
    expect(new Set(await evaluators())).toEqual(new Set(ranked.filter((node) => node !== home && node !== third)));
  });

  it('does not wait for the home node to say that it is decided', async () => {
    onSubmit(home, ({ entry }) => {
      decide(decidedBy(entry));
      return never;
    });
    expect(await evaluators()).toEqual([home, second, third]);
  });

  it('brings the decision to a node that missed the votes', async () => {
    for (const node of ranked.slice(3)) onEvaluate(node, refuse(away));
    onEvaluate(third, async ({ decided }) => {
      if (decided === undefined) throw away;
      return evaluationBy(third, decided);
    });
    expect(await evaluators()).toEqual([home, second, third]);
  });

  it('ends with FLEET_UNAVAILABLE at the deadline when nobody answers', async () => {
    gateway.patience.deadlineMs = 100;
    for (const node of NODES) {
      onSubmit(node, () => never);
      onEvaluate(node, () => never);
    }
    expect(await attempt()).toMatchObject({ status: 503, body: { code: 'FLEET_UNAVAILABLE' } });
  });
});

describe('a node that lies', () => {
  it('cannot refuse for the fleet, even as the home node', async () => {
    onSubmit(home, refuse(new VaultError('RECORD_LOCKED', 'no')));
    expect(await evaluators()).toEqual([home, second, third]);
  });

  it('cannot mix another record or another decision into the answer', async () => {
    onEvaluate(home, async () => ({ ...evaluationBy(home, await decision), record: Uint8Array.of(66) }));
    onEvaluate(second, async () => evaluationBy(second, { ...(await decision), index: 9 }));
    expect(await evaluators()).toEqual(ranked.slice(2));
  });

  it('cannot speak for another node', async () => {
    onEvaluate(home, async () => evaluationBy(second, await decision));
    expect(new Set(await evaluators())).toEqual(new Set([second, third, fourth]));
  });

  it('cannot stop the attempt with a false decision', async () => {
    onSubmit(home, ({ entry }) => ({ ...decidedBy(entry), index: 9, value: Uint8Array.of(1) }));
    expect(new Set(await evaluators())).toEqual(new Set([home, second, third]));
  });

  it('is asked last when the client says that it lied', async () => {
    expect(await evaluators({ avoid: [home, third] })).toEqual([second, fourth, ranked[4]]);
  });

  it('is asked all the same when too few others live', async () => {
    gateway.clock.now += 2_000;
    gateway.live([home, second, third]);
    expect(new Set(await evaluators({ avoid: [home] }))).toEqual(new Set([home, second, third]));
  });
});

describe('a refusal', () => {
  it.each([
    ['RECORD_LOCKED', 423],
    ['RECORD_UNKNOWN', 404],
    ['TOKEN_INVALID', 401],
    ['REQUEST_INVALID', 400],
  ] as const)('%s that two nodes agree on is the answer, before the deadline', async (code, status) => {
    for (const node of NODES) onSubmit(node, refuse(new VaultError(code, 'no', { check: 'x', secretDetail: 1 })));
    const answer = await attempt();
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body).not.toHaveProperty('secretDetail');
    expect(gateway.bus.callsOf(entrySubmit)).toHaveLength(2);
  });

  it('names when to come back', async () => {
    const retryAtMs = gateway.clock.now + 61_500;
    for (const node of NODES) onSubmit(node, refuse(new VaultError('RATE_LIMITED', 'wait', { retryAtMs })));
    const answer = await gateway.app.inject({
      method: 'POST',
      url: '/v1/attempts',
      headers: { authorization: `Bearer ${await tokenFor()}` },
      payload: { entry: entryOf('attempt') },
    });
    expect(answer.headers['retry-after']).toBe('62');
    expect(answer.json()).toMatchObject({ code: 'RATE_LIMITED', retryAtMs });
  });

  it('of one node counts when no other live node can be reached', async () => {
    for (const node of NODES) onSubmit(node, refuse(away));
    onSubmit(third, refuse(new VaultError('RECORD_LOCKED', 'no')));
    expect(await attempt()).toMatchObject({ status: 423 });
  });

  it('of unreachable nodes is FLEET_UNAVAILABLE at once', async () => {
    for (const node of NODES) {
      onSubmit(node, refuse(away));
      onEvaluate(node, refuse(away));
    }
    expect(await attempt()).toMatchObject({ status: 503, body: { code: 'FLEET_UNAVAILABLE' } });
  });

  it('shows nothing of an error that nobody expected', async () => {
    for (const node of NODES) onSubmit(node, refuse(new VaultError('INTERNAL', 'secret path /etc')));
    for (const node of NODES) onEvaluate(node, refuse(new VaultError('INTERNAL', 'secret path /etc')));
    const { body } = await attempt();
    expect(JSON.stringify(body)).not.toContain('secret path');
  });
});
