import { describe, expect, it } from '@jest/globals';
import { resultOf } from './result.js';

const call = (ms: number, attempts: number) => ({ outcome: 'recovered', attemptsLeft: 10, attempts, ms }) as const;

describe('the result of a scenario', () => {
  it('holds only when nothing in it was broken', () => {
    expect(resultOf('a', { broken: [], calls: [], seen: '' }, 10).held).toBe(true);
    expect(resultOf('a', { broken: ['something'], calls: [], seen: '' }, 10).held).toBe(false);
  });

  it('tells the most attempts and the slowest call, in undisturbed ones', () => {
    const { attemptsPerCall, slowestMs, timesUndisturbed } = resultOf('a', { broken: [], calls: [call(15, 2), call(42, 1)], seen: '' }, 20);
    expect({ attemptsPerCall, slowestMs, timesUndisturbed }).toEqual({ attemptsPerCall: 2, slowestMs: 42, timesUndisturbed: 2.1 });
  });

  it('tells no cost where no call was compared', () => {
    const { attemptsPerCall, slowestMs, timesUndisturbed } = resultOf('a', { broken: [], calls: [], seen: '' }, 20);
    expect({ attemptsPerCall, slowestMs, timesUndisturbed }).toEqual({ attemptsPerCall: null, slowestMs: null, timesUndisturbed: null });
  });
});
