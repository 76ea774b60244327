import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot, startStack, type Environment, type FleetParameters, type Stack } from '@strongroom/stack';

export interface BenchFleetOptions {
  readonly parameters: FleetParameters;
  /** Folder for V8 profiles. */
  readonly profileDir: string | undefined;
  /** Milliseconds; undefined for the gateway's default. */
  readonly hedgeDelayMs: number | undefined;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface BenchFleet {
  readonly stack: Stack;
  /** Ends the fleet and removes everything that it wrote. */
  stop(): Promise<void>;
}

/** A fresh fleet on the project's own disk: a folder in memory would make every flush free. */
export async function startBenchFleet(options: BenchFleetOptions): Promise<BenchFleet> {
  const { parameters, profileDir, hedgeDelayMs, hostEnv, signal, progress } = options;
  const parent = join(projectRoot(), '.cache', 'bench');
  mkdirSync(parent, { recursive: true });
  const dataDir = mkdtempSync(join(parent, 'fleet-'));
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  const profiled = profileDir === undefined ? {} : profiling(profileDir);
  const hedging = hedgeDelayMs === undefined ? {} : { HEDGE_DELAY_MS: String(hedgeDelayMs) };
  const env = {
    'hsm-node': { ...profiled, ALLOW_BENCH_SUITE: 'true', ATTEMPT_DELAYS: 'off' },
    'session-gateway': { ...profiled, ...hedging, RATE_LIMIT_ACCOUNT_PER_MINUTE: 'off', RATE_LIMIT_ADDRESS_PER_MINUTE: 'off' },
  };
  try {
    const stack = await startStack({ dataDir, profile: parameters, fleetId: 'bench', env, hostEnv, signal, progress });
    return { stack, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

function profiling(folder: string): Environment {
  const dir = resolve(folder);
  mkdirSync(dir, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${dir}` };
}
