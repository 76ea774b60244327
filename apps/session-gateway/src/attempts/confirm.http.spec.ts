import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptConfirm, confirmResponse } from '@strongroom/contracts';
import { encodeEntry, rankNodes, toBase64url, VaultError } from '@strongroom/protocol';
import { decidedBy, FLEET_ID, NODES } from '../example/example-fleet.js';
import { ALICE, coreOf, exampleGateway, tokenFor, type ExampleGateway } from '../example/example-gateway.js';
import { toDecidedJson } from '../encoding/decided-json.js';

const ranked = rankNodes(ALICE, { fleetId: FLEET_ID, epoch: 1, n: 5 });
const never = new Promise<never>(() => undefined);
const attemptId = 'ab'.repeat(32);
const confirmation = { ver: 1, index: 1, signature: 'A'.repeat(86) };
const name = (node: number): string => `${FLEET_ID}-${node}`;

let gateway: ExampleGateway;

beforeEach(async () => {
  gateway = await exampleGateway();
  for (const node of NODES) gateway.bus.serve(attemptConfirm, name(node), () => ({ node, sealedSecret: Uint8Array.of(node) }));
});

afterEach(() => gateway.app.close());

async function confirm(
  body: object = confirmation,
  id = attemptId,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${await tokenFor()}` };
  const answer = await gateway.app.inject({ method: 'POST', url: `/v1/attempts/${id}/confirm`, headers, payload: body });
  return { status: answer.statusCode, body: answer.json() };
}

async function secretsFrom(body: object = confirmation): Promise<readonly number[]> {
  const answer = await confirm(body);
  expect(answer.status).toBe(200);
  return confirmResponse.parse(answer.body).secrets.map(({ node }) => node);
}

function silence(...nodes: readonly number[]): void {
  for (const node of nodes) gateway.bus.serve(attemptConfirm, name(node), () => never);
}

describe('a confirmation', () => {
  it('goes to every live node for the account of the token and is answered with q secrets', async () => {
    expect(await secretsFrom()).toEqual(ranked.slice(0, 3));
    const calls = gateway.bus.callsOf(attemptConfirm);
    expect(calls).toHaveLength(5);
    for (const { request } of calls) {
      expect(request).toMatchObject({ confirmation: { uid: ALICE, ver: 1, index: 1, attemptId: new Uint8Array(32).fill(0xab) } });
    }
  });

  it('carries the decided attempt to nodes that missed it', async () => {
    const decided = decidedBy(
      encodeEntry({ core: coreOf('attempt', {}), signature: new Uint8Array(64), ownerSignature: null, token: 'a.b.c' }),
    );
    await secretsFrom({ ...confirmation, decided: toDecidedJson(decided) });
    expect(gateway.bus.callsOf(attemptConfirm)[0]?.request).toMatchObject({ decided });
  });

  it('is answered while two nodes are silent', async () => {
    silence(ranked[0] ?? 0, ranked[1] ?? 0);
    expect(await secretsFrom()).toEqual(ranked.slice(2));
  });

  it('fails when three nodes are silent until the deadline', async () => {
    gateway.patience.deadlineMs = 100;
    silence(...ranked.slice(0, 3));
    expect(await confirm()).toMatchObject({ status: 503, body: { code: 'FLEET_UNAVAILABLE' } });
  });

  it('is not answered with the secret of a node that speaks for another', async () => {
    for (const node of ranked.slice(0, 2))
      gateway.bus.serve(attemptConfirm, name(node), () => ({ node: ranked[4] ?? 0, sealedSecret: Uint8Array.of(1) }));
    expect(await secretsFrom()).toEqual(ranked.slice(2));
  });

  it('leaves out nodes that the client found lying while enough others live', async () => {
    expect(await secretsFrom({ ...confirmation, avoid: [ranked[0]] })).toEqual(ranked.slice(1, 4));
  });

  it('is refused when too many nodes refuse, with what most of them say', async () => {
    for (const node of ranked.slice(0, 3)) {
      gateway.bus.serve(attemptConfirm, name(node), () => {
        throw new VaultError('RECORD_LOCKED', 'no');
      });
    }
    expect(await confirm()).toMatchObject({ status: 423 });
  });

  it.each([
    ['id', confirmation, 'AB'.repeat(32)],
    ['id', confirmation, 'ab'.repeat(31)],
    ['id', confirmation, 'not-hexadecimal'],
    ['ver', { ...confirmation, ver: 0 }, attemptId],
    ['index', { ...confirmation, index: 1.5 }, attemptId],
    ['signature', { ...confirmation, signature: toBase64url(new Uint8Array(63)) }, attemptId],
    ['decided.votes', { ...confirmation, decided: { index: 1, value: '', votes: 'all' } }, attemptId],
    ['signature', { ...confirmation, decided: { index: 1, value: toBase64url(new Uint8Array(40)), votes: [] } }, attemptId],
    ['body', { ...confirmation, uid: 'AAAA' }, attemptId],
  ])('with a wrong %s is refused before anything is sent', async (field, body, id) => {
    const answer = await confirm(body, id);
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(answer.body['field']).toBe(field);
    expect(gateway.bus.callsOf(attemptConfirm)).toEqual([]);
  });
});
