import { ChaosVault } from '../vault/chaos-vault.js';
import { resultOf, type ScenarioResult } from './result.js';
import type { Played } from './scenario.js';
import { SCENARIOS } from './scenarios.js';
import { Stage } from './stage.js';
import type { Call } from './subject.js';

export interface CompareRun {
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Breaks the run off; everything is ended all the same. */
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** What the command prints with --json. */
export interface CompareReport {
  /** Median of undisturbed recoveries before the scenarios and after them, in milliseconds. */
  readonly undisturbedMs: number;
  readonly undisturbedSlowestMs: number;
  readonly scenarios: readonly ScenarioResult[];
  readonly held: number;
}

/** Recoveries of each account, before the scenarios and after them. */
const UNDISTURBED = 2;
/** Accounts as the scenarios about one node have them. */
const AROUND = 3;

/** Starts a vault of real processes and plays every scenario on it, one after the other. */
export async function runCompare({ hostEnv, signal, progress }: CompareRun): Promise<CompareReport> {
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const vault = await ChaosVault.start({ smallDisks: [], fraction: () => 0, hostEnv, signal, progress, now });
  try {
    const stage = new Stage(vault, now, signal);
    await stage.whole();
    const undisturbed = [...(await undisturbedCalls(stage))];
    const played: { readonly name: string; readonly result: Played }[] = [];
    for (const { name, play } of SCENARIOS) {
      signal.throwIfAborted();
      progress(`playing: ${name}`);
      played.push({ name, result: await play(stage) });
    }
    undisturbed.push(...(await undisturbedCalls(stage)));
    const times = undisturbed.map(({ ms }) => ms).sort((a, b) => a - b);
    const median = times[Math.floor((times.length - 1) / 2)] ?? Number.NaN;
    const scenarios = played.map(({ name, result }) => resultOf(name, result, median));
    return {
      undisturbedMs: Math.round(median),
      undisturbedSlowestMs: Math.round(times.at(-1) ?? Number.NaN),
      scenarios,
      held: scenarios.filter(({ held }) => held).length,
    };
  } finally {
    progress('stopping the vault');
    await vault.stop(false);
  }
}

async function undisturbedCalls(stage: Stage): Promise<readonly Call[]> {
  const subjects = await stage.subjectsAround(AROUND);
  const calls: Call[] = [];
  for (let i = 0; i < UNDISTURBED; i++) for (const subject of subjects) calls.push(await subject.recover());
  const failed = calls.find(({ outcome }) => outcome !== 'recovered');
  if (failed !== undefined) throw new Error(`a recovery that nobody disturbed ended as ${failed.outcome}`);
  return calls;
}
