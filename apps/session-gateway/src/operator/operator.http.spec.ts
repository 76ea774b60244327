import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  bundlePropose,
  deploymentSubmit,
  enrolmentList,
  fleetCreate,
  fleetList,
  fleetReplaceNode,
  fleetSetState,
  type RequestOf,
} from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { exampleGateway, tokenFor, type ExampleGateway } from '../example/example-gateway.js';

const parameters = { n: 2, t: 2, q: 2, attempts: 10, suite: 1 as const, ksf: 'none' };
const members = ['a'.repeat(64), 'b'.repeat(64)];
const fleet = { fleetId: 'eu-1', epoch: 1, state: 'forming' as const, parameters, members };
// Longer than any other body may be: a statement has the votes of its known answers in it.
const deployment = { digest: 'e'.repeat(64), envelope: 'x'.repeat(200_000) };
const bundle = { epoch: 1, digest: 'c'.repeat(64), note: 'note' };

let gateway: ExampleGateway;
let operatorToken: string;

beforeEach(async () => {
  gateway = await exampleGateway();
  operatorToken = await tokenFor('olga', { roles: ['operator'] });
  gateway.bus.serve(enrolmentList, undefined, () => ({ enrolments: [] }));
  gateway.bus.serve(fleetList, undefined, () => ({ fleets: [fleet] }));
  gateway.bus.serve(fleetCreate, undefined, () => fleet);
  gateway.bus.serve(fleetSetState, undefined, ({ state }: RequestOf<typeof fleetSetState>) => ({ ...fleet, state }));
  gateway.bus.serve(fleetReplaceNode, undefined, () => ({ ...fleet, epoch: 2 }));
  gateway.bus.serve(bundlePropose, undefined, () => bundle);
  gateway.bus.serve(deploymentSubmit, undefined, () => deployment);
});

afterEach(() => gateway.app.close());

const routes = [
  ['GET', '/v1/operator/enrolments', undefined, 200, { enrolments: [] }, enrolmentList, {}],
  ['GET', '/v1/operator/fleets', undefined, 200, { fleets: [fleet] }, fleetList, {}],
  [
    'POST',
    '/v1/operator/fleets',
    { fleetId: 'eu-1', parameters, members },
    201,
    fleet,
    fleetCreate,
    { fleetId: 'eu-1', parameters, members },
  ],
  [
    'PUT',
    '/v1/operator/fleets/eu-1/state',
    { state: 'active' },
    200,
    { ...fleet, state: 'active' },
    fleetSetState,
    { fleetId: 'eu-1', state: 'active' },
  ],
  [
    'PUT',
    '/v1/operator/fleets/eu-1/nodes/2',
    { member: 'd'.repeat(64) },
    200,
    { ...fleet, epoch: 2 },
    fleetReplaceNode,
    { fleetId: 'eu-1', node: 2, member: 'd'.repeat(64) },
  ],
  ['POST', '/v1/operator/bundles', undefined, 201, bundle, bundlePropose, {}],
  [
    'POST',
    '/v1/operator/deployments',
    { envelope: deployment.envelope },
    201,
    deployment,
    deploymentSubmit,
    { envelope: deployment.envelope },
  ],
] as const;

async function send(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  payload: object | undefined,
  token?: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await gateway.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}

describe.each(routes)('%s %s', (method, url, payload, status, body, contract, request) => {
  it("passes the request on with the operator's own token", async () => {
    expect(await send(method, url, payload, operatorToken)).toEqual({ status, body });
    expect(gateway.bus.callsOf(contract)).toEqual([{ subject: contract.subject, request: { operatorToken, ...request } }]);
  });

  it('refuses an account without the role, and nobody at all, before anything is sent', async () => {
    expect(await send(method, url, payload, await tokenFor('alice', { roles: ['auditor'] }))).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect(await send(method, url, payload)).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } });
    expect(gateway.bus.callsOf(contract)).toEqual([]);
  });
});

describe('the operator', () => {
  it.each([
    ['fleetId', 'POST', '/v1/operator/fleets', { fleetId: 'EU', parameters, members }],
    ['members.0', 'POST', '/v1/operator/fleets', { fleetId: 'eu-1', parameters, members: ['x', 'y'] }],
    ['parameters.q', 'POST', '/v1/operator/fleets', { fleetId: 'eu-1', parameters: { ...parameters, q: 1 }, members }],
    ['fleetId', 'PUT', '/v1/operator/fleets/a.b/state', { state: 'active' }],
    ['node', 'PUT', '/v1/operator/fleets/eu-1/nodes/0', { member: 'd'.repeat(64) }],
    ['member', 'PUT', '/v1/operator/fleets/eu-1/nodes/2', { member: 'x' }],
    ['envelope', 'POST', '/v1/operator/deployments', { envelope: 'x'.repeat(310_000) }],
    ['envelope', 'POST', '/v1/operator/deployments', {}],
    ['state', 'PUT', '/v1/operator/fleets/eu-1/state', { state: 'gone' }],
  ] as const)('is told which field is wrong: %s', async (field, method, url, payload) => {
    expect(await send(method, url, payload, operatorToken)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', field } });
  });

  it('is told what the registry refused', async () => {
    gateway.bus.serve(fleetSetState, undefined, () => {
      throw new VaultError('CONFLICT', 'the fleet is retired');
    });
    expect(await send('PUT', '/v1/operator/fleets/eu-1/state', { state: 'active' }, operatorToken)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
  });
});
