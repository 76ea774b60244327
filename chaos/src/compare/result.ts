import type { Played } from './scenario.js';

export interface ScenarioResult {
  readonly name: string;
  readonly held: boolean;
  readonly broken: readonly string[];
  readonly seen: string;
  readonly calls: number;
  /** Most attempts that one call sent; null without calls. */
  readonly attemptsPerCall: number | null;
  /** The slowest call, in milliseconds. */
  readonly slowestMs: number | null;
  /** The slowest call in undisturbed recoveries of this run. */
  readonly timesUndisturbed: number | null;
}

/** @param undisturbedMs median of the recoveries that nobody disturbed */
export function resultOf(name: string, { broken, calls, seen }: Played, undisturbedMs: number): ScenarioResult {
  const slowest = Math.max(...calls.map(({ ms }) => ms));
  const none = calls.length === 0;
  return {
    ...{ name, held: broken.length === 0, broken, seen, calls: calls.length },
    attemptsPerCall: none ? null : Math.max(...calls.map(({ attempts }) => attempts)),
    slowestMs: none ? null : Math.round(slowest),
    timesUndisturbed: none ? null : Math.round((slowest / undisturbedMs) * 10) / 10,
  };
}
