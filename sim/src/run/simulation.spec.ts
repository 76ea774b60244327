import { describe, expect, it } from '@jest/globals';
import { makePlan } from '../plan/make-plan.js';
import { jsonLine, Totals } from '../report/totals.js';
import { runPlan } from './simulation.js';

const SEEDS = 12;
const plan = (seed: number) => makePlan(seed, { corruptExact: false });

describe('a simulated fleet', () => {
  it('does the same under the same seed, and something else under another', async () => {
    const [first, again, other] = [await runPlan(plan(3)), await runPlan(plan(3)), await runPlan(plan(4))];
    expect(again).toEqual(first);
    expect(other.hash).not.toBe(first.hash);
  });

  it(`keeps every rule under seeds 1 to ${SEEDS}, for days, while messages, disks and nodes fail`, async () => {
    const totals = new Totals();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await runPlan(plan(seed));
      expect({ seed, violation: result.violation }).toEqual({ seed, violation: null });
      totals.add(result);
    }
    const { loss, duplication, reorder, delay, partition, crash, rollback, replay, forgery, withheld, lie } = totals.faults;
    const met = { loss, duplication, reorder, delay, partition, crash, rollback, replay, forgery, withheld, lie };
    expect(Object.entries(met).filter(([, count]) => count === 0)).toEqual([]);
    expect(totals.recoveries).toBeGreaterThan(SEEDS);
    const line: unknown = JSON.parse(jsonLine(totals, '3/4'));
    expect(line).toMatchObject({ seeds: SEEDS, violations: 0, plantedBugsFound: '3/4', faults: totals.faults });
    expect(Object.keys(line ?? {})).toEqual(['seeds', 'steps', 'simHours', 'attempts', 'violations', 'faults', 'plantedBugsFound']);
  });
});
