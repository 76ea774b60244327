import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../account/operation.js';
import { OutageLog } from '../vault/outage.js';
import { calmOf, MachineMeter, momentsBetween } from './calm.js';

const recovery = (invokedAt: number, returnedAt: number, kind: 'recovered' | 'unknown' = 'recovered'): Operation => ({
  ...{ id: 1, by: 'device', request: { kind: 'recover', code: 'a' }, invokedAt, returnedAt, entriesSent: 1, confirmed: true },
  outcome: kind === 'recovered' ? { kind, key: 'k', version: 1 } : { kind, code: 'FLEET_UNAVAILABLE' },
});
const nothingDown = new OutageLog(() => 0);

describe('the load before the adversary', () => {
  it('is measured by the recoveries that began and ended in it', () => {
    const recoveries = [
      recovery(0, 150),
      recovery(100, 110),
      recovery(200, 240),
      recovery(300, 320),
      recovery(400, 500, 'unknown'),
      recovery(5_900, 6_200),
    ];
    expect(calmOf(recoveries, [], 50, 6_000, nothingDown)).toMatchObject({ recoveries: 3, medianMs: 20, slowestMs: 40 });
  });

  it('tells the longest time without an answer', () => {
    const answeredAt = Array.from({ length: 60 }, (_, i) => i * 100).filter((at) => at < 2_000 || at > 2_600);
    expect(calmOf([], answeredAt, 0, 6_000, nothingDown).longestGapMs).toBe(800);
  });

  it('says that nothing was measured when nothing was', () => {
    expect(calmOf([], [], 0, 1_000, nothingDown)).toEqual({ recoveries: 0, medianMs: null, slowestMs: null, longestGapMs: null });
  });
});

describe('moments that can be watched', () => {
  it('leave two seconds until the end', () => {
    expect(momentsBetween(1_000, 4_000, 500)).toEqual([1_000, 1_500, 2_000]);
    expect(momentsBetween(1_000, 2_999, 500)).toEqual([]);
  });
});

describe('the use of the machine', () => {
  it('is a share of all its cores', () => {
    const { cores, busy, longestStallMs } = new MachineMeter().read();
    expect(cores).toBeGreaterThan(0);
    expect(busy).toBeGreaterThanOrEqual(0);
    expect(busy).toBeLessThanOrEqual(1);
    expect(longestStallMs).toBeGreaterThanOrEqual(0);
  });
});
