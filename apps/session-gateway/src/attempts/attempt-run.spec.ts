import { describe, expect, it } from '@jest/globals';
import { attemptEvaluate, entrySubmit } from '@strongroom/contracts';
import { FLEET_ID, NODES } from '../example/example-fleet.js';
import { ALICE } from '../example/example-gateway.js';
import { FakeBus } from '../example/fake-bus.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { HedgeBudget } from '../fleet/hedge-budget.js';
import { AttemptRun } from './attempt-run.js';

/** How many nodes are handed the entry, and how many are asked to evaluate, when nobody ever answers. */
async function askedWith(
  hedgeBudget: HedgeBudget,
  resubmitAfterMs = 0,
  hedgeAfterMs = 0,
): Promise<readonly [submitted: number, evaluating: number]> {
  const bus = new FakeBus();
  for (const node of NODES) {
    bus.serve(entrySubmit, `${FLEET_ID}-${node}`, () => new Promise<never>(() => undefined));
    bus.serve(attemptEvaluate, `${FLEET_ID}-${node}`, () => new Promise<never>(() => undefined));
  }
  const run = new AttemptRun({
    nodes: new FleetNodes(bus, FLEET_ID),
    ranked: NODES,
    evaluators: NODES,
    entry: new Uint8Array(64),
    uid: ALICE,
    attemptId: new Uint8Array(32),
    needed: 3,
    patience: { hedgeMs: 5, deadlineMs: 300 },
    elapsed: () => 0,
    hedgeBudget,
    hedgeAfterMs,
    resubmitAfterMs,
    hedged: () => undefined,
  });
  await expect(run.result).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  return [bus.callsOf(entrySubmit).length, bus.callsOf(attemptEvaluate).length];
}

describe('an attempt that nobody answers', () => {
  it('asks one node more at each hedge, until all are asked', async () => {
    expect(await askedWith(new HedgeBudget(1, 20))).toEqual([5, 5]);
  });

  it('leaves the entry with its first node for as long as most entries take', async () => {
    expect(await askedWith(new HedgeBudget(1, 20), 1_000)).toEqual([1, 5]);
  });

  it('asks nobody more while it takes no longer than most, and spends no hedge on that', async () => {
    const budget = new HedgeBudget(0, 1);
    expect(await askedWith(budget, 0, 1_000)).toEqual([1, 3]);
    expect(budget.spend()).toBe(true);
  });

  it('asks nobody more once the hedges are used up', async () => {
    expect(await askedWith(new HedgeBudget(1, 0))).toEqual([1, 3]);
    expect(await askedWith(new HedgeBudget(1, 1))).toEqual([2, 5]);
  });
});
