import { describe, expect, it } from '@jest/globals';
import { percentiles } from './percentiles.js';

describe('percentiles', () => {
  it('are measured values by nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
  });

  it('of one value are that value', () => {
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('of nothing are no numbers', () => {
    expect(percentiles([]).p99).toBeNaN();
  });
});
