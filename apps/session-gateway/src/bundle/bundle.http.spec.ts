import { afterEach, describe, expect, it } from '@jest/globals';
import { bundleCurrent, bundlePublished, bundleResponse, nodeHeartbeat } from '@strongroom/contracts';
import { exampleNote, FLEET_ID, forgedNote } from '../example/example-fleet.js';
import { entryOf, exampleGateway, tokenFor, type ExampleGateway } from '../example/example-gateway.js';

let gateway: ExampleGateway;
afterEach(() => gateway.app.close());

async function published(): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await gateway.app.inject({ method: 'GET', url: '/v1/fleet-bundle' });
  return { status: answer.statusCode, body: answer.json() };
}

const view = (note: string): object => ({ epoch: 1, digest: '0'.repeat(64), note });

describe('the bundle', () => {
  it('is shown to anyone, with a digest of its own text and not the one that came along', async () => {
    gateway = await exampleGateway();
    const { status, body } = await published();
    expect(status).toBe(200);
    expect(bundleResponse.parse(body)).toMatchObject({ epoch: 1, note: exampleNote });
    expect(bundleResponse.parse(body).digest).not.toBe('0'.repeat(64));
  });

  it('is not there before the first one is published', async () => {
    gateway = await exampleGateway({ note: null });
    expect(await published()).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const headers = { authorization: `Bearer ${await tokenFor()}` };
    const attempt = await gateway.app.inject({ method: 'POST', url: '/v1/attempts', headers, payload: { entry: entryOf('attempt') } });
    expect(attempt.json()).toMatchObject({ status: 503, code: 'FLEET_UNAVAILABLE' });
  });

  it('is taken from the event when the publisher announces it later', async () => {
    gateway = await exampleGateway({ note: null });
    gateway.bus.tell(bundlePublished, view(exampleNote));
    expect(await published()).toMatchObject({ status: 200 });
  });

  it.each([
    ['signed by one role twice', forgedNote],
    ['cut short', exampleNote.slice(0, -20)],
    ['changed by one character', exampleNote.replace('attempts 10', 'attempts 99')],
    ['no note at all', 'hello\n'],
  ])('is refused when it is %s', async (_what, note) => {
    gateway = await exampleGateway({ note });
    expect((await published()).status).toBe(404);
    gateway.bus.tell(bundlePublished, view(note));
    expect((await published()).status).toBe(404);
  });

  it('stays when a forged one is announced', async () => {
    gateway = await exampleGateway();
    gateway.bus.tell(bundlePublished, view(forgedNote));
    expect(await published()).toMatchObject({ body: { note: exampleNote } });
  });

  it('is asked for at the start', async () => {
    gateway = await exampleGateway();
    expect(gateway.bus.callsOf(bundleCurrent)).toHaveLength(1);
  });
});

describe('the health', () => {
  it('shows how many nodes of each fleet are live', async () => {
    gateway = await exampleGateway();
    gateway.clock.now += 1_500;
    gateway.live([1, 2]);
    const answer = await gateway.app.inject({ method: 'GET', url: '/health' });
    expect(answer.json()).toMatchObject({ status: 'ok', bundleEpoch: 1, fleets: [{ fleetId: FLEET_ID, live: 2, needed: 3, nodes: 5 }] });
  });

  it('counts a node that still rejoins as not live', async () => {
    gateway = await exampleGateway();
    gateway.bus.announce(nodeHeartbeat, FLEET_ID, { node: 1, incarnation: 2, ready: false, sequence: 1 });
    expect((await gateway.app.inject({ method: 'GET', url: '/health' })).json()).toMatchObject({ fleets: [{ live: 4 }] });
  });

  it('fails with 503 while a check fails', async () => {
    gateway = await exampleGateway({ failing: 'nats' });
    const answer = await gateway.app.inject({ method: 'GET', url: '/health' });
    expect([answer.statusCode, answer.json()]).toMatchObject([503, { status: 'failing', checks: { nats: 'failing' } }]);
  });
});

describe('the metrics', () => {
  it('count requests by the template of their route, attempts by outcome, and live nodes', async () => {
    gateway = await exampleGateway();
    const headers = { authorization: `Bearer ${await tokenFor()}` };
    await gateway.app.inject({ method: 'POST', url: `/v1/attempts/${'ab'.repeat(32)}/confirm`, headers, payload: {} });
    await gateway.app.inject({ method: 'POST', url: '/v1/attempts', headers, payload: { entry: entryOf('attempt') } });
    const { body, headers: shown } = await gateway.app.inject({ method: 'GET', url: '/metrics' });
    expect(shown['content-type']).toMatch(/^text\/plain/);
    expect(body).toContain(
      'strongroom_session_gateway_request_duration_seconds_count{method="POST",route="/v1/attempts/:id/confirm",status="400"} 1',
    );
    expect(body).toContain('strongroom_session_gateway_attempts_total{outcome="FLEET_UNAVAILABLE"} 1');
    expect(body).toContain('strongroom_session_gateway_live_nodes_count{fleet="eu-1"} 5');
    expect(body).not.toContain('abab');
  });
});
