import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Log } from '@strongroom/platform';
import { Secret } from '@strongroom/protocol';
import { FakeClock } from '../example/example-gateway.js';
import { GIVE_UP_MS, MAX_WAITING, WebhookSender, type Post } from './webhook-sender.js';

const URL = 'https://app.example/hooks';
interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: unknown;
  readonly id: string | null;
}
let clock: FakeClock;
let sent: Sent[];
let counts: Record<string, number>;
let lines: Parameters<Log['warn']>[0][];
let answer: (count: number) => number | Error | Promise<number>;
let headers: Record<string, string>;
let timers: { readonly atMs: number; work: (() => void) | null }[];
let sender: WebhookSender;

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => void setImmediate(resolve));
};
async function pass(ms: number): Promise<void> {
  clock.now += ms;
  for (const timer of timers) {
    if (timer.atMs > clock.now) continue;
    const { work } = timer;
    timer.work = null;
    work?.();
  }
  await turns();
}
const message = (name: string): { id: string; body: string } => ({ id: `msg_${name}`, body: `{"of":"${name}"}` });

beforeEach(() => {
  [clock, sent, counts, lines, headers, timers] = [new FakeClock(), [], {}, [], {}, []];
  answer = () => 204;
  const post: Post = async (url, init) => {
    const given = new Headers(init.headers);
    sent.push({ url, headers: given, redirect: init.redirect, id: given.get('webhook-id') });
    const status = await answer(sent.length);
    if (status instanceof Error) throw status;
    return { status, headers: new Headers(headers), body: null };
  };
  const note = (fields: Parameters<Log['warn']>[0]): void => void lines.push(fields);
  sender = new WebhookSender({
    url: URL,
    secret: new Secret(new Uint8Array(32).fill(7)),
    clock,
    random: { bytes: (length) => new Uint8Array(length).fill(128) },
    log: { debug: note, info: note, warn: note, error: note, fatal: note },
    post,
    later: (ms, work) => {
      const timer: (typeof timers)[number] = { atMs: clock.now + ms, work };
      timers.push(timer);
      return () => void (timer.work = null);
    },
    counted: (outcome) => void (counts[outcome] = (counts[outcome] ?? 0) + 1),
  });
});

describe('a webhook', () => {
  it('is posted once when the receiver takes it, and not to where it redirects', async () => {
    sender.send(message('a'));
    await turns();
    expect(sent).toMatchObject([{ url: URL, id: 'msg_a', redirect: 'manual' }]);
    expect([counts, sender.backlog]).toEqual([{ delivered: 1 }, 0]);
  });

  it.each([
    ['answers with an error', 500],
    ['redirects', 302],
    ['cannot be reached', new TypeError('fetch failed')],
  ])('is posted again, signed for the new time, when the receiver %s', async (_what, first) => {
    answer = (count) => (count === 1 ? first : 200);
    sender.send(message('a'));
    await turns();
    expect([sent.length, sender.backlog]).toEqual([1, 1]);
    await pass(1_000);
    expect(sent.map(({ id }) => id)).toEqual(['msg_a', 'msg_a']);
    expect(sent[1]?.headers.get('webhook-signature')).not.toBe(sent[0]?.headers.get('webhook-signature'));
    expect(counts).toEqual({ failed: 1, delivered: 1 });
  });

  it('waits ever longer for a receiver that is down, and sends one at a time meanwhile', async () => {
    answer = () => 503;
    for (let i = 0; i < 20; i++) sender.send(message(String(i)));
    await turns();
    const first = sent.length;
    expect(first).toBeLessThanOrEqual(8);
    const waits: number[] = [];
    for (let tried = sent.length; waits.length < 8; tried = sent.length) {
      let waited = 0;
      while (sent.length === tried) {
        await pass(500);
        waited += 500;
      }
      waits.push(waited);
      expect(sent.length).toBe(tried + 1);
    }
    expect(waits.at(-1)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_500);
    answer = () => 200;
    await pass(60_000);
    expect(sender.backlog).toBe(0);
  });

  it('comes back no sooner than the receiver asks for, a minute at most', async () => {
    answer = (count) => (count === 1 ? 429 : 200);
    headers = { 'retry-after': '30' };
    sender.send(message('a'));
    await turns();
    await pass(29_000);
    expect(sent).toHaveLength(1);
    await pass(1_000);
    expect(sent).toHaveLength(2);
  });

  it('is given up after an hour', async () => {
    answer = () => 500;
    sender.send(message('old'));
    await turns();
    await pass(GIVE_UP_MS);
    expect([sender.backlog, counts['dropped']]).toEqual([0, 1]);
    expect(lines).toContainEqual({ event: 'webhook.dropped', count: 1 });
  });

  it('is no more after 410 Gone', async () => {
    answer = () => 410;
    sender.send(message('a'));
    await turns();
    answer = () => 200;
    sender.send(message('b'));
    await pass(60_000);
    expect([sent.length, counts['dropped'], sender.backlog]).toEqual([1, 1, 0]);
    expect(lines).toContainEqual({ event: 'webhook.gone' });
  });

  it('never makes its sender wait, and keeps a bounded number', () => {
    answer = () => new Promise(() => undefined);
    for (let i = 0; i < MAX_WAITING + 20; i++) sender.send(message(String(i)));
    expect(sent.length).toBe(8);
    expect([sender.backlog, counts['dropped']]).toEqual([MAX_WAITING + 8, 12]);
  });

  it('leaves no word of its secret, body or address in the log', async () => {
    answer = (count) => (count === 1 ? new TypeError(`cannot reach ${URL}`) : 500);
    sender.send(message('a'));
    await pass(1_000);
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(/app\.example|whsec|"of"|msg_/);
  });
});
