import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deploymentRead, evidenceRead } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { exampleGateway, type ExampleGateway } from '../example/example-gateway.js';

const digest = 'a'.repeat(64);
const fleet = {
  fleetId: 'eu-1',
  epoch: 1,
  state: 'active' as const,
  parameters: { n: 2, t: 2, q: 2, attempts: 10, suite: 1 as const, ksf: 'none' },
  members: [digest],
};

let gateway: ExampleGateway;
beforeEach(async () => {
  gateway = await exampleGateway();
});
afterEach(() => gateway.app.close());

const read = async (url: string) => {
  const answer = await gateway.app.inject({ method: 'GET', url });
  return { status: answer.statusCode, body: answer.json() };
};

describe('what anybody may read of a deployment', () => {
  it('is the envelope under the digest that a bundle names', async () => {
    gateway.bus.serve(deploymentRead, undefined, () => ({ digest, envelope: '{}' }));
    expect(await read(`/v1/deployments/${digest}`)).toEqual({ status: 200, body: { digest, envelope: '{}' } });
    expect(gateway.bus.callsOf(deploymentRead)).toEqual([{ subject: deploymentRead.subject, request: { digest } }]);
  });

  it.each(['x', 'A'.repeat(64), 'a'.repeat(63), 'sha256:aa'])('is not looked for under %s', async (name) => {
    expect(await read(`/v1/deployments/${name}`)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', field: 'digest' } });
    expect(gateway.bus.callsOf(deploymentRead)).toEqual([]);
  });

  it('is said not to be there', async () => {
    gateway.bus.serve(deploymentRead, undefined, () => {
      throw new VaultError('NOT_FOUND', 'there is no such statement');
    });
    expect(await read(`/v1/deployments/${digest}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('are the enrolment statements, as text', async () => {
    gateway.bus.serve(evidenceRead, undefined, () => ({
      fleets: [{ ...fleet, statements: [new TextEncoder().encode('strongroom/v1/enrolment\n')] }],
    }));
    expect(await read('/v1/fleet-evidence')).toEqual({
      status: 200,
      body: { fleets: [{ ...fleet, statements: ['strongroom/v1/enrolment\n'] }] },
    });
  });
});
