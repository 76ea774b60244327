import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../account/operation.js';
import { OutageLog } from '../vault/outage.js';
import { availabilityOf, longestGap, slowestAfter } from './availability.js';

let now = 0;
function outages(...told: readonly (readonly [number, 'down' | 'up', string])[]): OutageLog {
  const log = new OutageLog(() => now);
  for (const [at, what, part] of told) {
    now = at;
    log[what](part);
  }
  return log;
}

const recovery = (invokedAt: number, returnedAt: number, kind: 'recovered' | 'unknown' = 'recovered'): Operation => ({
  ...{ id: 1, by: 'device', request: { kind: 'recover', code: 'a' }, invokedAt, returnedAt, entriesSent: 1, confirmed: true },
  outcome: kind === 'recovered' ? { kind, key: 'k', version: 1 } : { kind, code: 'FLEET_UNAVAILABLE' },
});

describe('what was down', () => {
  const log = outages(
    [10, 'down', '1'],
    [20, 'down', '2'],
    [30, 'down', '3'],
    [40, 'up', '3'],
    [50, 'up', '1'],
    [60, 'down', 'bus'],
    [70, 'up', 'bus'],
  );

  it.each([
    ['two nodes', 12, 29, true],
    ['three nodes at once for a moment', 12, 35, false],
    ['three nodes, though never at once', 45, 55, true],
    ['the bus', 55, 65, false],
    ['nothing new', 75, 99, true],
  ])('is known: %s', (_, from, to, serving) => {
    expect(log.isServing(from, to, 2)).toBe(serving);
  });

  it('counts as down until it is said to be up', () => {
    expect(log.isServing(80, 90, 0)).toBe(false);
    expect(log.isServing(0, 9, 0)).toBe(true);
  });
});

describe('availability', () => {
  it('counts late and lost recoveries as missed, and none that three dead nodes excuse', () => {
    const log = outages([1_000, 'down', '1'], [1_000, 'down', '2'], [50_000, 'down', '3']);
    const found = availabilityOf(
      [recovery(0, 100), recovery(2_000, 4_500), recovery(5_000, 6_000, 'unknown'), recovery(50_001, 60_000)],
      log,
    );
    expect(found).toMatchObject({ recoveries: 3, inTime: 1 });
    expect(found.missed.map(({ outcome }) => outcome)).toEqual(['recovered', 'FLEET_UNAVAILABLE']);
  });
});

describe('the longest gap', () => {
  it('is the longest time without an answer after a death, the answer before it included', () => {
    const answers = [900, 990, 1_050, 1_300, 1_310, 2_900, 3_200];
    expect(longestGap([1_000], answers, outages())).toBe(1_590);
    expect(longestGap([1_000], [990, 1_020, 2_990, 3_010], outages())).toBe(1_970);
    expect(longestGap([5_000], [], outages())).toBe(2_000);
  });

  it('is not measured while service is excused', () => {
    expect(longestGap([1_000], [], outages([500, 'down', 'bus']))).toBeNull();
  });
});

describe('the slowest recovery after a death', () => {
  it('is one that was under way then or began within two seconds, whatever came of it', () => {
    const recoveries = [recovery(0, 900), recovery(950, 1_150), recovery(2_900, 3_200, 'unknown'), recovery(3_100, 9_000)];
    expect(slowestAfter([1_000], recoveries, outages())).toBe(300);
  });

  it('is not told where service was excused or nobody was met', () => {
    expect(slowestAfter([1_000], [recovery(900, 1_500)], outages([500, 'down', 'bus']))).toBeNull();
    expect(slowestAfter([1_000], [recovery(0, 10)], outages())).toBeNull();
  });
});
