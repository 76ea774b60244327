import type { Plan } from '../plan/action.js';
import { Violation } from '../watch/violation.js';
import { Acts } from './act.js';
import { EndOfRun } from './end-of-run.js';
import type { FaultCounts } from './faults.js';
import { Trace } from './trace.js';
import { World } from './world.js';

export interface RunResult {
  readonly seed: number;
  readonly violation: { readonly rule: string; readonly story: string } | null;
  readonly steps: number;
  readonly simMs: number;
  readonly attempts: number;
  readonly recoveries: number;
  readonly faults: FaultCounts;
  readonly hash: string;
  readonly lines: readonly string[];
}

export interface RunOptions {
  readonly verbose?: boolean;
  readonly tell?: (line: string) => void;
}

const STORM_END_MS = 4_000;

/** Runs a plan from the first start of its nodes to the last recovery. The same plan gives the same result, hash included. */
export async function runPlan(plan: Plan, { verbose = false, tell = () => undefined }: RunOptions = {}): Promise<RunResult> {
  const trace = new Trace(verbose, tell);
  const world = await World.of(plan, trace);
  let violation: Violation | null = null;
  try {
    await live(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
    world.note(`VIOLATION of ${error.rule}: ${error.story}`);
  } finally {
    world.time.close();
  }
  return {
    seed: plan.seed,
    violation: violation === null ? null : { rule: violation.rule, story: violation.story },
    steps: world.time.steps,
    simMs: world.time.elapsedMs,
    attempts: world.accounts.reduce((sum, { attempts }) => sum + attempts.length, 0),
    recoveries: world.clients.recoveries,
    faults: world.faults,
    hash: trace.hash(),
    lines: trace.lines,
  };
}

async function live(world: World): Promise<void> {
  const { plan, time, machines, corrupt } = world;
  const acts = new Acts(world);
  const { n, t, q, attempts } = plan;
  world.note(`${n} nodes, ${t} shares, ${q} votes, ${attempts} attempts${corrupt.size > 0 ? `, corrupt: ${[...corrupt].join(', ')}` : ''}`);
  await world.startCorrupt();
  for (const machine of machines) if (!corrupt.has(machine.self)) machine.start();
  await time.runFor(1_500);
  for (const { action, thenMs } of plan.steps) {
    await acts.do(action);
    await time.runFor(thenMs);
  }
  await time.runUntil(() => acts.underWay === 0, STORM_END_MS);
  await new EndOfRun(world, acts).run();
}
