import type { SeededRandom } from '../random/seeded-random.js';
import type { Action, PlannedStep } from './action.js';

export interface PlanContext {
  readonly random: SeededRandom;
  readonly n: number;
  readonly q: number;
  readonly attempts: number;
  readonly accounts: number;
  readonly corrupt: readonly number[];
  /** Where the plan has come to, if nothing keeps a machine from being replaced. */
  readonly epoch: { now: number };
  /** The home node of an account in that epoch. */
  readonly homeOf: (account: number) => number;
}

/** A piece of a run: single faults, or a story in which rules are known to matter. */
export type Chapter = (context: PlanContext) => readonly PlannedStep[];

export const MINUTE_MS = 60_000;
export const step = (action: Action, thenMs: number): PlannedStep => ({ action, thenMs });
export const nodeOf = ({ random, n }: PlanContext): number => random.between(1, n);
export const accountOf = ({ random, accounts }: PlanContext): number => random.below(accounts);
export const wait = (ms: number, why: string): PlannedStep => step({ kind: 'wait', ms, why }, 0);

export function attempt(
  context: PlanContext,
  account: number,
  right: boolean,
  change: Partial<Extract<Action, { kind: 'attempt' }>> = {},
): Action {
  const first = context.random.chance(30) ? nodeOf(context) : null;
  return { kind: 'attempt', account, right, first, confirm: 'now', tokenMs: null, diesMs: null, ...change };
}
