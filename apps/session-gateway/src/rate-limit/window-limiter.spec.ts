import { describe, expect, it } from '@jest/globals';
import { WindowLimiter } from './window-limiter.js';

const MINUTE = 60_000;

function takeMany(limiter: WindowLimiter, key: string, count: number, nowMs: number): number {
  let allowed = 0;
  for (let i = 0; i < count; i++) if (limiter.take(key, nowMs) === undefined) allowed++;
  return allowed;
}

describe('a limiter of ten a minute', () => {
  it('allows ten at once and refuses the eleventh', () => {
    expect(takeMany(new WindowLimiter(10), 'a', 20, 5 * MINUTE)).toBe(10);
  });

  it('counts keys apart', () => {
    const limiter = new WindowLimiter(10);
    takeMany(limiter, 'a', 10, 5 * MINUTE);
    expect(takeMany(limiter, 'b', 20, 5 * MINUTE)).toBe(10);
  });

  it('does not start afresh at the turn of the minute', () => {
    const limiter = new WindowLimiter(10);
    takeMany(limiter, 'a', 10, 6 * MINUTE - 1);
    expect(takeMany(limiter, 'a', 10, 6 * MINUTE)).toBe(0);
    expect(takeMany(limiter, 'a', 10, 6.5 * MINUTE)).toBe(5);
  });

  it('forgets after two quiet minutes', () => {
    const limiter = new WindowLimiter(10);
    takeMany(limiter, 'a', 10, 5 * MINUTE);
    expect(takeMany(limiter, 'a', 20, 7 * MINUTE)).toBe(10);
  });

  it.each([5, 5.25, 5.999])('names the moment from which one more is allowed, refused at minute %d', (minute) => {
    const limiter = new WindowLimiter(10);
    takeMany(limiter, 'a', 10, 4.9 * MINUTE);
    takeMany(limiter, 'a', 10, minute * MINUTE);
    const retryAt = limiter.take('a', minute * MINUTE) ?? 0;
    expect(retryAt).toBeGreaterThan(minute * MINUTE);
    expect(limiter.take('a', retryAt - 2)).toBeDefined();
    expect(limiter.take('a', retryAt)).toBeUndefined();
  });

  it('lets new keys share one counter when the table is full, and keeps known ones apart', () => {
    const limiter = new WindowLimiter(10, 2);
    takeMany(limiter, 'a', 1, 5 * MINUTE);
    takeMany(limiter, 'b', 1, 5 * MINUTE);
    let allowed = 0;
    for (let i = 0; i < 1_000; i++) allowed += takeMany(limiter, `stranger ${i}`, 1, 5 * MINUTE);
    expect(allowed).toBe(10);
    expect(takeMany(limiter, 'a', 20, 5 * MINUTE)).toBe(9);
  });

  it('takes a clock that was set back', () => {
    const limiter = new WindowLimiter(10);
    takeMany(limiter, 'a', 10, 5 * MINUTE);
    expect(takeMany(limiter, 'a', 20, 2 * MINUTE)).toBe(10);
  });
});
