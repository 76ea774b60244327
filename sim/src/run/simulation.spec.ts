import { describe, expect, it } from '@jest/globals';
import { makePlan } from '../plan/make-plan.js';
import { jsonLine, Totals } from '../report/totals.js';
import { faultKinds } from './faults.js';
import { runPlan } from './simulation.js';

/** The rarest faults come under the last five: a torn write, a rotten bit, a clock that jumps, a slow node. */
const SEEDS = [...Array.from({ length: 10 }, (_, i) => i + 1), 33, 39, 47, 82, 84];
/** Only ends what hangs. */
const DEADLINE_MS = 900_000;
const plan = (seed: number) => makePlan(seed, { corruptExact: true });

describe('a simulated fleet', () => {
  it('does the same under the same seed, and something else under another', async () => {
    const [first, again, other] = [await runPlan(plan(3)), await runPlan(plan(3)), await runPlan(plan(4))];
    expect(again).toEqual(first);
    expect(other.hash).not.toBe(first.hash);
  });

  it(
    `keeps every rule under ${SEEDS.length} seeds, for days, while every kind of fault occurs`,
    async () => {
      const totals = new Totals();
      for (const seed of SEEDS) {
        const result = await runPlan(plan(seed));
        expect({ seed, violation: result.violation }).toEqual({ seed, violation: null });
        totals.add(result);
      }
      expect(faultKinds().filter((kind) => totals.faults[kind] === 0)).toEqual([]);
      expect(totals.recoveries).toBeGreaterThan(SEEDS.length);
      const line: unknown = JSON.parse(jsonLine(totals, '3/4'));
      expect(line).toMatchObject({ seeds: SEEDS.length, violations: 0, plantedBugsFound: '3/4', faults: totals.faults });
      expect(Object.keys(line ?? {})).toEqual(['seeds', 'steps', 'simHours', 'attempts', 'violations', 'faults', 'plantedBugsFound']);
    },
    DEADLINE_MS,
  );
});
