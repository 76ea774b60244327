import { describe, expect, it } from '@jest/globals';
import { Allotment } from './allotment.js';
import { runBound } from './bound-run.js';
import { boundsText, holds, isExact, summaryOf } from './bounds-table.js';
import { parameterSets } from './parameter-sets.js';

/** A table for every N takes minutes: `npm run sim -- --bounds`. */
const ATTEMPTS = 2;
/** Only ends what hangs. */
const DEADLINE_MS = 300_000;
const CHEAP = parameterSets(7).filter(({ n, t, q }) => n < 5 || (n === 5 && t === 3) || (n === 7 && t === 4 && q === 5));

describe('the bound on guesses', () => {
  it('is asked of every fleet of up to seven nodes that may be formed', () => {
    expect(parameterSets(7)).toHaveLength(14);
    expect(parameterSets(3)).toEqual([{ n: 3, t: 2, q: 2 }]);
  });

  it(
    'is N where it is exact, and beyond that as much as corrupt nodes of real fleets reach, which is never more',
    async () => {
      const rows = [];
      for (const set of CHEAP) for (let b = 0; b < set.t; b++) rows.push(await runBound(set, b, ATTEMPTS));
      expect(rows.filter((row) => !holds(row))).toEqual([]);
      expect(rows.map(({ reached }) => reached)).toEqual(rows.map(({ bound }) => bound));
      expect(summaryOf(rows)).toEqual({ tuples: 15, exact: 8, reached: 15, broken: 0 });
      expect(boundsText(rows)).toContain('| 7 | 4 | 5 | 2 | 2 | 5 | 5 | limit, reached |');
    },
    DEADLINE_MS,
  );

  it('counts as broken by a guess too many, and by one too few where N are exact', () => {
    const row = { n: 4, t: 3, q: 3, attempts: 3, b: 1, bound: 3, reached: 3, violation: null };
    expect(isExact(row)).toBe(true);
    expect([row, { ...row, reached: 4 }, { ...row, reached: 2 }, { ...row, violation: { rule: 'I1', story: '' } }].map(holds)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('an allotment of guesses', () => {
  it('wastes no evaluation, gives nobody two at one index, and leaves whom q votes need without a guess that is not theirs yet', () => {
    const options = { honest: [1, 2, 3, 4, 5], needed: 3, early: 1 };
    const allotment = new Allotment(options);
    const rows = Array.from({ length: 6 }, (_, i) => allotment.next(i === 5));
    const holders = new Map<number, number[]>();
    for (const row of rows) for (const [node, name] of row) holders.set(name, [...(holders.get(name) ?? []), node]);
    const whole = [...holders.values()].filter((nodes) => nodes.length >= options.needed);
    expect(whole).toHaveLength((6 * 5) / 3);
    expect(whole.every((nodes) => new Set(nodes).size === nodes.length)).toBe(true);
  });
});
