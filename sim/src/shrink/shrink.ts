import type { Plan, PlannedStep } from '../plan/action.js';
import { runPlan, type RunResult } from '../run/simulation.js';

export interface Shrunk {
  /** The smallest plan that still fails as the first one did. */
  readonly plan: Plan;
  readonly result: RunResult;
  /** Steps of the plan before. */
  readonly before: number;
  readonly runs: number;
}

const MOST_RUNS = 250;

/**
 * Leaves out of a failing plan what it fails without: halves first, then smaller pieces, then single steps, until none
 * can go. Whether it still fails is found by running it, for the same rule.
 */
export async function shrink(plan: Plan, signal?: AbortSignal): Promise<Shrunk> {
  const first = await runPlan(plan);
  if (first.violation === null) throw new RangeError(`seed ${plan.seed} breaks no rule`);
  const { rule } = first.violation;
  let best: { readonly plan: Plan; readonly result: RunResult } = { plan, result: first };
  let runs = 1;
  const tryPlan = async (smaller: Plan): Promise<boolean> => {
    if (runs >= MOST_RUNS) return false;
    signal?.throwIfAborted();
    runs += 1;
    const result = await runPlan(smaller);
    if (result.violation?.rule !== rule) return false;
    best = { plan: smaller, result };
    return true;
  };
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = best.plan.steps.length - size; at > -size; at -= size) await tryPlan(without(best.plan, Math.max(at, 0), size));
  }
  for (let again = true; again;) {
    again = false;
    for (let at = best.plan.steps.length - 1; at >= 0; at--) again = (await tryPlan(without(best.plan, at, 1))) || again;
  }
  if (best.plan.corrupt.length > 0) await tryPlan({ ...best.plan, corrupt: [] });
  if (best.plan.delaysMs.length > 0) await tryPlan({ ...best.plan, delaysMs: [] });
  return { ...best, before: plan.steps.length, runs };
}

function without(plan: Plan, at: number, count: number): Plan {
  const steps: readonly PlannedStep[] = plan.steps.filter((_, i) => i < at || i >= at + count);
  return { ...plan, steps };
}
