import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodePossession } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { FLEET_ID } from '../example/example-fleet.js';
import { exampleGateway, type ExampleGateway } from '../example/example-gateway.js';

const NONCE = '0f'.repeat(32);
const said = { epoch: 1, software: '0.1.0', artifacts: { 'apps/hsm-node': '1'.repeat(64), libs: '2'.repeat(64) } };

let gateway: ExampleGateway;
beforeEach(async () => {
  gateway = await exampleGateway();
});
afterEach(() => gateway.app.close());

const read = async (url: string) => {
  const answer = await gateway.app.inject({ method: 'GET', url });
  return { status: answer.statusCode, body: answer.json() };
};

describe('a question to all nodes of a fleet', () => {
  it('is passed on to each with the nonce, and answered with what those said that answer', async () => {
    const fleetId = FLEET_ID;
    gateway.bus.serve(nodePossession, `${fleetId}-1`, () => ({ ...said, signature: new Uint8Array(64).fill(1) }));
    gateway.bus.serve(nodePossession, `${fleetId}-2`, () => {
      throw new VaultError('FLEET_UNAVAILABLE', 'away');
    });
    const { status, body } = await read(`/v1/fleets/${fleetId}/possession/${NONCE}`);
    expect({ status, body }).toEqual({
      status: 200,
      body: { nodes: [{ node: 1, ...said, signature: Buffer.alloc(64, 1).toString('base64url') }] },
    });
    expect(gateway.bus.callsOf(nodePossession)[0]?.request).toEqual({ nonce: new Uint8Array(32).fill(0x0f) });
  });

  it.each(['x', 'A'.repeat(64), 'a'.repeat(63)])('is not asked with the nonce %s', async (nonce) => {
    const fleetId = FLEET_ID;
    expect(await read(`/v1/fleets/${fleetId}/possession/${nonce}`)).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID', field: 'nonce' },
    });
    expect(gateway.bus.callsOf(nodePossession)).toEqual([]);
  });

  it('is not asked of a fleet that no bundle lists', async () => {
    expect(await read(`/v1/fleets/nobody/possession/${NONCE}`)).toMatchObject({ status: 400, body: { field: 'fleetId' } });
  });
});
