import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { fromWireError, wireError } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import { pack, unpack } from 'msgpackr';
import { addressed, happened, id, queued, shouted } from './bus-contracts.js';
import { NatsProcess } from './nats-process.js';
import { RecordingLog, RecordingObserver } from './recording.js';

// Servers may have to be fetched and unpacked first, and a busy machine starts them slowly.
jest.setTimeout(120_000);

let nats: NatsProcess;
let stranger: NatsConnection;
let server: Bus;
let observer: RecordingObserver;
const handled: unknown[] = [];

beforeAll(async () => {
  nats = await NatsProcess.start();
});
afterAll(() => nats.end());

beforeEach(async () => {
  handled.length = 0;
  observer = new RecordingObserver();
  const { host, username, password } = new URL(nats.url);
  stranger = await connect({ servers: host, user: username, pass: password });
  server = await Bus.connect({ url: nats.url, name: 'server', log: new RecordingLog(), observer });
  await server.serve(queued, (request) => (handled.push(request), { id: request.id }));
});
afterEach(async () => {
  await stranger.close();
  await server.onApplicationShutdown();
});

/** Sends raw bytes and reads the coded error. */
async function refusal(payload: Uint8Array): Promise<VaultError> {
  const answer = await stranger.request(queued.subject, payload, { timeout: 2_000 });
  const decoded: unknown = unpack(answer.data);
  if (typeof decoded !== 'object' || decoded === null || !('error' in decoded)) throw new Error('it was accepted');
  return fromWireError(wireError.parse(decoded.error));
}

const whole = pack({ id: Buffer.from(id), text: 'ä'.repeat(20) });

describe('a served subject', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['JSON', Buffer.from('{"id":"AQIDBA"}')],
    ['random bytes', Buffer.from('c1c1c1c1', 'hex')],
    ['bytes of the wrong length', pack({ id: Buffer.of(1, 2, 3) })],
    ['text for bytes', pack({ id: 'abcd' })],
    ['an unknown key', pack({ id: Buffer.from(id), extra: 1 })],
    ['a missing key', pack({ text: 'x' })],
    ['a list', pack([Buffer.from(id)])],
    ['a date', pack({ id: new Date(0) })],
    ['an extension', Buffer.from('c70172ff', 'hex')],
    ['a record definition', Buffer.from('d4724091a2696401', 'hex')],
    ['a million levels', Buffer.alloc(250, 0x91)],
    ['a claim of four billion items', Buffer.from('ddffffffff', 'hex')],
    ['trailing bytes', Buffer.concat([whole, Buffer.of(0)])],
    ['too much', Buffer.alloc(300_000, 0xc0)],
    ['too long a text', pack({ id: Buffer.from(id), text: 'x'.repeat(65) })],
  ])('answers %s with REQUEST_INVALID and does nothing', async (_, payload) => {
    expect((await refusal(payload)).code).toBe('REQUEST_INVALID');
    expect(handled).toEqual([]);
  });

  it('answers every truncation of a good message, and then the good message', async () => {
    for (let end = 0; end < whole.length; end++) expect((await refusal(whole.subarray(0, end))).code).toBe('REQUEST_INVALID');
    expect(handled).toEqual([]);
    expect(unpack((await stranger.request(queued.subject, whole)).data)).toEqual({ ok: { id: Buffer.from(id) } });
  });

  it('does nothing for a message that cannot be answered', async () => {
    stranger.publish(queued.subject, whole);
    await refusal(new Uint8Array(0));
    expect(handled).toEqual([]);
    expect(observer.drops).toEqual(['no-reply-subject']);
  });
});

describe('a caller', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['random bytes', Buffer.from('c1c1', 'hex')],
    ['a response of the wrong shape', pack({ ok: { id: 'no' } })],
    ['a code that does not exist', pack({ error: { code: 'X', message: '', metadata: {} } })],
    ['too much', Buffer.alloc(300_000, 0xc0)],
  ])('that is answered with %s gets INTERNAL', async (_, payload) => {
    stranger.subscribe(`${addressed.subject}.main-1`, { callback: (_error, message) => void message.respond(payload) });
    await stranger.flush();
    await expect(server.call(addressed, { id }, { node: 'main-1' })).rejects.toMatchObject({
      code: 'INTERNAL',
      metadata: { subject: addressed.subject },
    });
  });
});

describe('broadcasts and events', () => {
  it('go to every listener of that fleet, whatever was sent before', async () => {
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      const listen = (message: unknown): void => void (heard.push(message) === 2 && resolve());
      void server.onBroadcast(shouted, 'main', listen);
      void server.onBroadcast(shouted, 'main', listen);
      void server.onBroadcast(shouted, 'other', () => void heard.push('wrong fleet'));
    });
    await server.flush();
    for (const payload of [Buffer.from('c1', 'hex'), pack({ n: 'x' }), pack({ n: 1, extra: 2 }), Buffer.alloc(1000)])
      stranger.publish(`${shouted.subject}.main`, payload);
    await stranger.flush();
    expect(server.broadcast(shouted, 'main', { n: 7 })).toBe(true);
    await all;
    expect(heard).toEqual([{ n: 7 }, { n: 7 }]);
    expect(observer.drops).toEqual(Array.from({ length: 8 }, () => 'malformed'));
  });

  it('survive a handler that fails', async () => {
    const second = new Promise<number>((resolve) => {
      void server.onBroadcast(shouted, 'main', ({ n }) => {
        if (n === 1) throw new Error('first');
        resolve(n);
      });
    });
    await server.flush();
    server.broadcast(shouted, 'main', { n: 1 });
    server.broadcast(shouted, 'main', { n: 2 });
    expect(await second).toBe(2);
    expect(observer.drops).toEqual(['handler-failed']);
  });

  it('are CloudEvents, and unknown keys of a newer emitter are ignored', async () => {
    const received = new Promise((resolve) => void server.onEvent(happened, (data, event) => resolve({ data, event })));
    await server.flush();
    const newer = {
      specversion: '1.0',
      id: 'e-1',
      source: '/server',
      type: happened.subject,
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { n: 5, more: true },
      traceparent: 'x',
    };
    for (const wrong of [
      '',
      'no json',
      '{}',
      JSON.stringify({ ...newer, data: { n: 'x' } }),
      JSON.stringify({ ...newer, specversion: '2.0' }),
    ])
      stranger.publish(happened.subject, wrong);
    stranger.publish(happened.subject, JSON.stringify(newer));
    expect(await received).toEqual({ data: { n: 5 }, event: newer });
  });

  it('carry stamps of their own, and nothing that does not fit the contract', async () => {
    const received = new Promise((resolve) => void server.onEvent(happened, (_data, event) => resolve(event)));
    await server.flush();
    expect(server.emit(happened, { n: 1 }, { id: 'stable', timeMs: 0 })).toBe(true);
    expect(await received).toMatchObject({
      specversion: '1.0',
      id: 'stable',
      source: '/server',
      type: happened.subject,
      time: '1970-01-01T00:00:00.000Z',
      data: { n: 1 },
    });
    expect(() => server.emit(happened, { n: 0.5 })).toThrow(VaultError);
  });
});
