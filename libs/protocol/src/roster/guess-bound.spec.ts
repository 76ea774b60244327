import { describe, expect, it } from '@jest/globals';
import { agreesDespite, exactUpTo, guessBound, type GuessParameters } from './guess-bound.js';

const STANDARD: GuessParameters = { n: 5, t: 3, q: 3, attempts: 10 };
const HARDENED: GuessParameters = { n: 7, t: 4, q: 5, attempts: 10 };

describe('the guess bound', () => {
  it.each([
    [0, 10],
    [1, 20],
    [2, 30],
    [3, null],
    [5, null],
  ])('of the standard profile with %i corrupt nodes is %p', (b, bound) => {
    expect(guessBound(STANDARD, b)).toBe(bound);
  });

  it.each([
    [0, 10],
    [1, 10],
    [2, 25],
    [3, 40],
    [4, null],
  ])('of the hardened profile with %i corrupt nodes is %p', (b, bound) => {
    expect(guessBound(HARDENED, b)).toBe(bound);
  });

  it('is exact for crashes alone in the standard profile, and for one corrupt node in the hardened one', () => {
    expect([exactUpTo(STANDARD), exactUpTo(HARDENED)]).toEqual([0, 1]);
  });

  it('never falls below N and never falls as b grows', () => {
    for (let n = 2; n <= 7; n++) {
      for (let q = Math.floor(n / 2) + 1; q < n; q++) {
        for (let t = Math.floor(n / 2) + 1; t <= q; t++) {
          const bounds = Array.from({ length: n + 1 }, (_, b) => guessBound({ n, t, q, attempts: 10 }, b) ?? Infinity);
          expect(bounds[0]).toBe(10);
          for (const [b, bound] of bounds.entries()) expect(bound).toBeGreaterThanOrEqual(bounds[b - 1] ?? 10);
        }
      }
    }
  });

  it('needs more than a bare overlap against a proposer that signs two values', () => {
    expect(agreesDespite({ n: 7, q: 5 }, 2)).toBe(false);
    expect(agreesDespite({ n: 7, q: 6 }, 2)).toBe(true);
    expect(agreesDespite({ n: 4, q: 3 }, 1)).toBe(true);
  });
});
