import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Bus } from '@strongroom/platform';
import { addressed, happened, id, queued, shouted } from './bus-contracts.js';
import { NatsProcess } from './nats-process.js';
import { RecordingLog, RecordingObserver } from './recording.js';

// Servers may have to be fetched and unpacked first, and a busy machine starts them slowly.
jest.setTimeout(120_000);

describe('a nats-server that is killed and started again', () => {
  const logs = [new RecordingLog(), new RecordingLog()] as const;
  const observer = new RecordingObserver();
  let nats: NatsProcess;
  let client: Bus;
  let server: Bus;

  beforeAll(async () => {
    nats = await NatsProcess.start();
    client = await Bus.connect({ url: nats.url, name: 'client', log: logs[0], observer });
    server = await Bus.connect({ url: nats.url, name: 'server', log: logs[1] });
    await server.serve(queued, (request) => ({ id: request.id }));
    await server.serve(addressed, () => new Promise<never>(() => undefined), { node: 'main-1' });
  });
  afterAll(async () => {
    await client.onApplicationShutdown();
    await server.onApplicationShutdown();
    await nats.end();
  });

  it.each([1, 2, 3])('fails what was under way at once, drops what cannot be sent, and serves again: round %i', async () => {
    expect(await client.call(queued, { id })).toEqual({ id });
    const underWay = client.call(addressed, { id }, { node: 'main-1', timeoutMs: 60_000 });
    const lost = Promise.all(logs.map((log) => log.next('bus.disconnected')));
    await nats.kill();
    await expect(underWay).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE', metadata: { subject: addressed.subject } });
    await lost;
    expect(client.state).toBe('disconnected');
    await expect(client.call(queued, { id }, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    observer.drops.length = 0;
    expect(client.broadcast(shouted, 'main', { n: 1 })).toBe(false);
    expect(client.emit(happened, { n: 1 })).toBe(false);
    expect(observer.drops).toEqual(['disconnected', 'disconnected']);
    await expect(client.flush()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    const back = Promise.all(logs.map((log) => log.next('bus.connected')));
    await nats.startAgain();
    await back;
    await server.flush();
    expect(client.state).toBe('connected');
    expect(await client.call(queued, { id })).toEqual({ id });
  });

  it('learns of a contract that was served while it was away', async () => {
    const back = Promise.all(logs.map((log) => log.next('bus.connected')));
    await nats.kill();
    await server.serve(addressed, () => ({ id: Uint8Array.of(7, 7, 7, 7) }), { node: 'main-2' });
    await nats.startAgain();
    await back;
    await server.flush();
    expect(await client.call(addressed, { id }, { node: 'main-2' })).toEqual({ id: Uint8Array.of(7, 7, 7, 7) });
  });
});

describe('a first connection', () => {
  it('that finds no server ends with a clear error and no password', async () => {
    const connecting = Bus.connect({ url: 'nats://u:hunter2@127.0.0.1:1', name: 'x', log: new RecordingLog(), connectDeadlineMs: 300 });
    await expect(connecting).rejects.toMatchObject({
      code: 'FLEET_UNAVAILABLE',
      message: expect.stringMatching(/^no NATS server at nats:\/\/127\.0\.0\.1:1: (?!.*hunter2)/),
    });
  });

  it('waits for a server that is still starting', async () => {
    const nats = await NatsProcess.start();
    await nats.kill();
    const connecting = Bus.connect({ url: nats.url, name: 'early', log: new RecordingLog() });
    await nats.startAgain();
    const bus = await connecting;
    expect(bus.state).toBe('connected');
    await bus.onApplicationShutdown();
    await nats.end();
  });
});
