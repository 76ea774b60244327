import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { withDeadline } from '../call/deadline.js';
import { DEFAULT_RETRIES, retrying } from '../call/retry.js';
import type { Clock } from '../platform/clock.js';
import { systemClock } from '../platform/clock.js';
import { sendOnce, type Fetch } from './gateway-http.js';

/** Waits of the client itself pass at once and move the time; only aborts are real. */
function instantClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    nowMs: () => now,
    wait: async (ms, signal) => {
      if (ms >= 1_000) return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      waits.push(ms);
      now += ms;
    },
  };
}

const random = { bytes: (length: number) => new Uint8Array(length).fill(255) };
const answer = z.strictObject({ ok: z.boolean() });
const request = { method: 'POST', path: '/v1/x', headers: { a: 'b' }, body: { n: 1 }, answer } as const;

function call(fetch: Fetch, clock: Clock = instantClock()): Promise<{ ok: boolean }> {
  const ports = { fetch, clock, baseUrl: 'http://gateway', tryTimeoutMs: 5_000 };
  return withDeadline(clock, 20_000, undefined, (deadline) =>
    retrying(DEFAULT_RETRIES, { clock, random }, deadline, () => sendOnce(ports, deadline, request)),
  );
}

const reply = (status: number, body: string): Response => new Response(body, { status });
const problem = (status: number, code: string, more: object = {}): Response =>
  reply(status, JSON.stringify({ type: 'about:blank', title: code, status, code, ...more }));

describe('a request to the gateway', () => {
  it('carries method, headers and JSON, follows no redirect and sends no cookies', async () => {
    const seen: (readonly [string, RequestInit])[] = [];
    await call(async (url, init) => {
      seen.push([url, init]);
      return reply(200, '{"ok":true}');
    });
    const [url, init] = seen[0] ?? ['', {}];
    expect(url).toBe('http://gateway/v1/x');
    expect(init).toMatchObject({ method: 'POST', body: '{"n":1}', redirect: 'error', credentials: 'omit', headers: { a: 'b' } });
  });

  it.each([
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['a page of a proxy', async () => reply(502, '<html>')],
    ['an answer off the contract', async () => reply(200, '{"ok":1}')],
    ['an answer with more than the contract says', async () => reply(200, '{"ok":true,"x":1}')],
    ['an endless answer', async () => reply(200, ' '.repeat(600 * 1024))],
  ])('is sent again, the same, after %s', async (_name, first) => {
    const bodies: unknown[] = [];
    const clock = instantClock();
    const result = await call(async (_url, init) => {
      bodies.push(init.body);
      return bodies.length === 1 ? first() : reply(200, '{"ok":true}');
    }, clock);
    expect(result).toEqual({ ok: true });
    expect(bodies).toEqual(['{"n":1}', '{"n":1}']);
    expect(clock.waits).toEqual([100]);
  });

  it('says FLEET_UNAVAILABLE when no answer ever comes', async () => {
    let tries = 0;
    const clock = instantClock();
    const lost = call(async () => {
      tries++;
      throw new TypeError('fetch failed');
    }, clock);
    await expect(lost).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE', metadata: { tries: 5 } });
    expect(tries).toBe(5);
    expect(clock.waits).toEqual([100, 200, 400, 800]);
  });

  it('is not repeated after a refusal and carries its facts', async () => {
    let tries = 0;
    const refused = call(async () => {
      tries++;
      return problem(429, 'RATE_LIMITED', { retryAtMs: 99 });
    });
    await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', metadata: { retryAtMs: 99 } });
    expect(tries).toBe(1);
  });

  it('asks twice when the gateway says that the fleet is not available', async () => {
    let tries = 0;
    const refused = call(async () => {
      tries++;
      return problem(503, 'FLEET_UNAVAILABLE');
    });
    await expect(refused).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(tries).toBe(2);
  });

  it.each(['CODE_WRONG', 'NODE_MISBEHAVED', 'BUNDLE_INVALID'])('does not believe a gateway that says %s', async (code) => {
    const refused = call(async () => problem(403, code, { attemptsLeft: 9 }));
    const error: unknown = await refused.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(error).not.toHaveProperty('metadata.attemptsLeft');
  });
});

describe('a deadline', () => {
  it('ends a call whose fetch ignores its signal', async () => {
    const call = withDeadline(systemClock, 5, undefined, (deadline) =>
      sendOnce({ fetch: () => new Promise(() => undefined), clock: systemClock, baseUrl: '', tryTimeoutMs: 60_000 }, deadline, request),
    );
    await expect(call).rejects.toBeInstanceOf(Error);
  });

  it('gives the reason of the caller who stops', async () => {
    const controller = new AbortController();
    const reason = new Error('left the page');
    const running = withDeadline(systemClock, 60_000, controller.signal, (deadline) => systemClock.wait(60_000, deadline.signal));
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});
