import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Bus } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import { until } from '@strongroom/stack';
import { addressed, id, queued } from './bus-contracts.js';
import { NatsProcess } from './nats-process.js';
import { RecordingLog, RecordingObserver } from './recording.js';

// Servers may have to be fetched and unpacked first, and a busy machine starts them slowly.
jest.setTimeout(120_000);

let nats: NatsProcess;
let client: Bus;
let server: Bus;
let log: RecordingLog;
let observer: RecordingObserver;

beforeAll(async () => {
  nats = await NatsProcess.start();
});
afterAll(() => nats.end());

beforeEach(async () => {
  log = new RecordingLog();
  observer = new RecordingObserver();
  client = await Bus.connect({ url: nats.url, name: 'client', log: new RecordingLog() });
  server = await Bus.connect({ url: nats.url, name: 'server', log, observer });
});
afterEach(async () => {
  await client.onApplicationShutdown();
  await server.onApplicationShutdown();
});

/** Something that a handler waits for and the test decides. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

describe('a call', () => {
  it('reaches the addressed node alone', async () => {
    await server.serve(addressed, () => ({ id: Uint8Array.of(1, 1, 1, 1) }), { node: 'main-1' });
    await client.serve(addressed, () => ({ id: Uint8Array.of(2, 2, 2, 2) }), { node: 'main-2' });
    expect(await client.call(addressed, { id }, { node: 'main-1' })).toEqual({ id: Uint8Array.of(1, 1, 1, 1) });
    expect(await client.call(addressed, { id }, { node: 'main-2' })).toEqual({ id: Uint8Array.of(2, 2, 2, 2) });
  });

  it('that waits for a node fails as soon as another one finds that node gone, and no call to other nodes does', async () => {
    const gate = new Gate();
    const mortal = await Bus.connect({ url: nats.url, name: 'mortal', log: new RecordingLog() });
    await mortal.serve(addressed, () => gate.opened.then(() => ({ id })), { node: 'main-1' });
    await server.serve(addressed, () => gate.opened.then(() => ({ id })), { node: 'main-2' });
    // Longer than this test may take: only the other call can end it.
    const timeoutMs = 600_000;
    let ended = false;
    const failed = client
      .call(addressed, { id }, { node: 'main-1', timeoutMs })
      .catch((error: unknown) => error)
      .finally(() => (ended = true));
    const other = client.call(addressed, { id }, { node: 'main-2', timeoutMs });
    await client.flush();
    const closed = mortal.onApplicationShutdown();
    const asksAgain = (): true | undefined => {
      client.call(addressed, { id }, { node: 'main-1', timeoutMs }).catch(() => undefined);
      return ended || undefined;
    };
    await until(asksAgain, { what: 'the call that waits to fail', timeoutMs: 30_000 });
    expect(await failed).toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    gate.open();
    expect(await other).toEqual({ id });
    await closed;
  });

  it('goes to one of several instances', async () => {
    let handled = 0;
    for (const bus of [server, client]) await bus.serve(queued, (request) => (handled++, { id: request.id }));
    await Promise.all(Array.from({ length: 50 }, () => client.call(queued, { id })));
    expect(handled).toBe(50);
  });

  it('sent twice is answered twice: duplicates are for the handler to know', async () => {
    const seen: Uint8Array[] = [];
    await server.serve(queued, (request) => (seen.push(request.id), { id: request.id }));
    expect(await Promise.all([client.call(queued, { id }), client.call(queued, { id })])).toEqual([{ id }, { id }]);
    expect(seen).toEqual([id, id]);
  });

  it('brings back a coded error as it was', async () => {
    await server.serve(queued, () => {
      throw new VaultError('RATE_LIMITED', 'later', { retryAtMs: 5 });
    });
    await expect(client.call(queued, { id })).rejects.toMatchObject({ code: 'RATE_LIMITED', message: 'later', metadata: { retryAtMs: 5 } });
  });

  it('brings back any other error as an id that the log explains, without what was said', async () => {
    await server.serve(queued, () => Promise.reject(new TypeError('hunter2')));
    const error: unknown = await client.call(queued, { id, text: 'payload' }).catch((reason: unknown) => reason);
    if (!(error instanceof VaultError)) throw new Error('no coded error');
    expect(error.code).toBe('INTERNAL');
    expect(JSON.stringify([error.message, error.metadata])).not.toContain('hunter2');
    const line = log.lines.find(({ event }) => event === 'bus.handler-failed');
    expect(line).toMatchObject({ contract: queued.subject, errorId: error.metadata['errorId'] });
    expect(JSON.stringify(line)).not.toContain('payload');
  });

  it('whose response is too long is INTERNAL and not silence', async () => {
    await server.serve(queued, () => ({ id: new Uint8Array(1000) }));
    await expect(client.call(queued, { id })).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('that nobody serves fails at once, naming the contract and no node', async () => {
    await expect(client.call(addressed, { id }, { node: 'main-9' })).rejects.toMatchObject({
      code: 'FLEET_UNAVAILABLE',
      message: expect.not.stringContaining('main-9'),
      metadata: { subject: addressed.subject },
    });
  });

  it('that is not answered in time fails, and the late answer harms nobody', async () => {
    const late = new Gate();
    const stop = await server.serve(queued, async () => (await late.opened, { id }));
    await expect(client.call(queued, { id }, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'FLEET_UNAVAILABLE',
      metadata: { subject: queued.subject },
    });
    late.open();
    await stop();
    await server.serve(queued, () => ({ id: Uint8Array.of(9, 9, 9, 9) }));
    expect(await client.call(queued, { id })).toEqual({ id: Uint8Array.of(9, 9, 9, 9) });
  });

  it('ends when its caller gives up, before or during', async () => {
    await server.serve(queued, () => new Promise<never>(() => undefined));
    const during = new AbortController();
    const call = client.call(queued, { id }, { signal: during.signal });
    during.abort();
    await expect(call).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await expect(client.call(queued, { id }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('to a saturated service is refused, and served again when there is room', async () => {
    const room = new Gate();
    await server.serve(queued, async (request) => (await room.opened, { id: request.id }), { maxInFlight: 2 });
    const held = [client.call(queued, { id }), client.call(queued, { id })];
    await expect(client.call(queued, { id })).rejects.toMatchObject({ code: 'RATE_LIMITED', metadata: { retryAtMs: expect.any(Number) } });
    room.open();
    expect(await Promise.all(held)).toEqual([{ id }, { id }]);
    expect(await client.call(queued, { id })).toEqual({ id });
  });

  it('under way is answered before its service ends', async () => {
    const running = new Gate();
    const released = new Gate();
    const stop = await server.serve(queued, async (request) => (running.open(), await released.opened, { id: request.id }));
    const call = client.call(queued, { id }, { timeoutMs: 10_000 });
    await running.opened;
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await expect(client.call(queued, { id })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(stopped).toBe(false);
    released.open();
    expect(await call).toEqual({ id });
    await stopping;
  });

  it('under way is answered at shutdown, later ones are not', async () => {
    const running = new Gate();
    const released = new Gate();
    await server.serve(queued, async (request) => (running.open(), await released.opened, { id: request.id }));
    const call = client.call(queued, { id }, { timeoutMs: 10_000 });
    await running.opened;
    const ended = server.onApplicationShutdown();
    released.open();
    expect(await call).toEqual({ id });
    await ended;
    await expect(client.call(queued, { id })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });
});
