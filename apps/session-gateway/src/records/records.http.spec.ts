import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountStatus, entrySubmit, recordStage, registerResponse, statusResponse } from '@strongroom/contracts';
import { rankNodes, VaultError } from '@strongroom/protocol';
import { decidedBy, FLEET_ID, NODES, statusBy } from '../example/example-fleet.js';
import { ALICE, entryOf, exampleGateway, proofHeader, tokenFor, type ExampleGateway } from '../example/example-gateway.js';

const ranked = rankNodes(ALICE, { fleetId: FLEET_ID, epoch: 1, n: 5 });
const [home = 0, second = 0] = ranked;
const never = new Promise<never>(() => undefined);
const name = (node: number): string => `${FLEET_ID}-${node}`;
const registration = { entry: entryOf('register'), record: 'AAAA', sealed: NODES.map(() => 'AAAA') };

let gateway: ExampleGateway;

beforeEach(async () => {
  gateway = await exampleGateway();
  for (const node of NODES) {
    gateway.bus.serve(recordStage, name(node), () => ({ staged: true as const }));
    gateway.bus.serve(entrySubmit, name(node), ({ entry }) => decidedBy(entry));
    gateway.bus.serve(accountStatus, name(node), ({ query }) => ({ statement: statusBy(node, query) }));
  }
});

afterEach(() => gateway.app.close());

type Method = 'GET' | 'POST' | 'DELETE';

async function send(
  method: Method,
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const authorization = `Bearer ${await tokenFor()}`;
  const answer = await gateway.app.inject({
    method,
    url,
    headers: { authorization, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

function refusing(code: 'REQUEST_INVALID' | 'RECORD_UNKNOWN'): () => never {
  return () => {
    throw new VaultError(code, 'no', code === 'REQUEST_INVALID' ? { field: 'sealed' } : {});
  };
}

describe('a registration', () => {
  it('is staged at every node before the home node is handed the entry', async () => {
    const answer = await send('POST', '/v1/records', registration);
    expect(answer.status).toBe(201);
    expect(registerResponse.parse(answer.body).decided.index).toBe(1);
    const subjects = gateway.bus.calls.map(({ subject }) => subject).filter((subject) => subject.includes('hsm-node'));
    expect(subjects.slice(0, 5).sort()).toEqual(NODES.map((node) => `${recordStage.subject}.${name(node)}`));
    expect(subjects.slice(5)).toEqual([`${entrySubmit.subject}.${name(home)}`]);
  });

  it('is proposed by a node that holds it', async () => {
    gateway.bus.serve(recordStage, name(home), () => never);
    expect((await send('POST', '/v1/records', registration)).status).toBe(201);
    expect(gateway.bus.callsOf(entrySubmit).map(({ subject }) => subject)).toEqual([`${entrySubmit.subject}.${name(second)}`]);
  });

  it('is not submitted when fewer than q nodes could store it', async () => {
    gateway.patience.deadlineMs = 100;
    for (const node of [1, 2, 3]) gateway.bus.serve(recordStage, name(node), () => never);
    expect(await send('POST', '/v1/records', registration)).toMatchObject({ status: 503, body: { code: 'FLEET_UNAVAILABLE' } });
    expect(gateway.bus.callsOf(entrySubmit)).toEqual([]);
  });

  it('survives one node that calls its share wrong and fails when too many do', async () => {
    gateway.bus.serve(recordStage, name(4), refusing('REQUEST_INVALID'));
    expect((await send('POST', '/v1/records', registration)).status).toBe(201);
    for (const node of [1, 2]) gateway.bus.serve(recordStage, name(node), refusing('REQUEST_INVALID'));
    expect(await send('POST', '/v1/records', registration)).toMatchObject({ status: 400, body: { field: 'sealed' } });
  });

  it('does not take the word of a home node without the votes', async () => {
    gateway.bus.serve(entrySubmit, name(home), ({ entry }) => decidedBy(entry, [home]));
    expect((await send('POST', '/v1/records', registration)).status).toBe(201);
    expect(gateway.bus.callsOf(entrySubmit)).toHaveLength(2);
  });

  it.each([
    ['sealed', { ...registration, sealed: ['AAAA'] }],
    ['sealed.2', { ...registration, sealed: ['AAAA', 'AAAA', 'AB', 'AAAA', 'AAAA'] }],
    ['sealed.0', { ...registration, sealed: ['A'.repeat(400)] }],
    ['sealed', { ...registration, sealed: 'AAAA' }],
    ['record', { ...registration, record: 'A'.repeat(6_000) }],
    ['record', { entry: registration.entry, sealed: registration.sealed }],
    ['entry', { record: 'AAAA', sealed: [] }],
    ['kind', { ...registration, entry: entryOf('attempt') }],
    ['body', { ...registration, code: '1234' }],
  ])('with a wrong %s is refused before anything is sent', async (field, body) => {
    expect(await send('POST', '/v1/records', body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', field } });
    expect(gateway.bus.callsOf(recordStage)).toEqual([]);
  });
});

describe.each([
  ['a deletion', 'DELETE', '/v1/records/me', 'delete'],
  ['a cancellation', 'POST', '/v1/records/me/cancel', 'cancel'],
] as const)('%s', (_what, method, url, kind) => {
  it('is decided by the fleet', async () => {
    expect(await send(method, url, { entry: entryOf(kind) })).toMatchObject({ status: 200, body: { decided: { index: 1 } } });
  });

  it('must be an entry of its own kind', async () => {
    expect(await send(method, url, { entry: entryOf('register') })).toMatchObject({ status: 400, body: { field: 'kind' } });
    expect(await send(method, url)).toMatchObject({ status: 400, body: { field: 'body' } });
  });

  it('goes to the next node when the home node is late', async () => {
    gateway.bus.serve(entrySubmit, name(home), () => never);
    expect((await send(method, url, { entry: entryOf(kind) })).status).toBe(200);
  });
});

describe('the status', () => {
  const read = (proof?: string): ReturnType<typeof send> =>
    send('GET', '/v1/records/me', undefined, proof === undefined ? {} : { 'strongroom-proof': proof });

  it('shows the signed view of every live node', async () => {
    const answer = await read(proofHeader());
    expect(answer.status).toBe(200);
    expect(statusResponse.parse(answer.body).statements.map(({ node }) => node)).toEqual(ranked);
  });

  it('does without two nodes that are silent', async () => {
    for (const node of ranked.slice(0, 2)) gateway.bus.serve(accountStatus, name(node), () => never);
    expect(statusResponse.parse((await read(proofHeader())).body).statements.map(({ node }) => node)).toEqual(ranked.slice(2));
  });

  it('leaves out a view that its node did not sign', async () => {
    gateway.bus.serve(accountStatus, name(home), ({ query }) => ({ statement: { ...statusBy(home, query), sequence: 2 } }));
    expect(statusResponse.parse((await read(proofHeader())).body).statements.map(({ node }) => node)).toEqual(ranked.slice(1));
  });

  it('is refused when too many nodes refuse', async () => {
    for (const node of ranked.slice(0, 3)) gateway.bus.serve(accountStatus, name(node), refusing('RECORD_UNKNOWN'));
    expect(await read(proofHeader())).toMatchObject({ status: 404, body: { code: 'RECORD_UNKNOWN' } });
  });

  it.each([
    ['without a proof', undefined],
    ['with half a proof', 'AAAA'],
    ['with a query that is none', `AAAA.${'A'.repeat(86)}`],
  ])('is not shown %s', async (_what, proof) => {
    expect(await read(proof)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(gateway.bus.callsOf(accountStatus)).toEqual([]);
  });
});
