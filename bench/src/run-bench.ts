import { formatTrustRoot } from '@strongroom/transparency';
import { measureCryptoOnly } from './crypto/crypto-only.js';
import { startBenchFleet } from './fleet/bench-fleet.js';
import { benchParameters } from './fleet/bench-parameters.js';
import { readHedges } from './fleet/gateway-hedges.js';
import { measuredProcesses, readCpu, used, type CpuReading } from './fleet/cpu-meter.js';
import type { Plan } from './generator/messages.js';
import { runGenerator } from './generator/start-generator.js';
import type { BenchOptions } from './options.js';
import { reportOf, type Report } from './report/report.js';

export interface BenchPorts {
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Recoveries per account that are made ready before the load: more than the default run needs. */
const PREPARED_PER_ACCOUNT = 20;

/** Starts a fleet, loads it from another process, measures the cryptography alone beside it, stops everything. */
export async function runBench(options: BenchOptions, { hostEnv, signal, progress }: BenchPorts): Promise<Report> {
  const parameters = benchParameters(options.profile, options.nodes);
  const fleet = await startBenchFleet({
    parameters,
    profileDir: options.cpuProfile,
    hedgeDelayMs: options.hedgeDelay,
    hostEnv,
    signal,
    progress,
  });
  try {
    const { stack } = fleet;
    const processes = measuredProcesses(stack);
    const readings: CpuReading[] = [];
    const hedges: Promise<number>[] = [];
    const measure = (): void => {
      readings.push(readCpu(processes));
      hedges.push(readHedges(stack.gatewayUrl));
    };
    const plan = planOf(options, stack.gatewayUrl, formatTrustRoot(stack.trustRoot));
    const result = await runGenerator(plan, { progress, signal, measuring: measure, measured: measure });
    const [from, to] = readings;
    if (from === undefined || to === undefined || result.totalMs.length === 0) throw new Error('nothing was measured');
    const [hedgesBefore = 0, hedgesAfter = 0] = await Promise.all(hedges);
    progress('measuring the cryptography alone');
    const crypto = await measureCryptoOnly(parameters);
    return reportOf({ options, parameters, result, cpu: used(from, to), hedges: hedgesAfter - hedgesBefore, crypto });
  } finally {
    progress('stopping the fleet');
    await fleet.stop();
  }
}

function planOf(options: BenchOptions, gatewayUrl: string, trustRoot: string): Plan {
  const { mode, accounts, concurrency, seconds, warmup, recoveries } = options;
  const idle = mode === 'idle';
  return {
    ...{ gatewayUrl, trustRoot, accounts, concurrency },
    preparedPerAccount: idle ? Math.ceil((recoveries * 2) / accounts) : PREPARED_PER_ACCOUNT,
    warmupMs: warmup * 1000,
    measureMs: idle ? null : seconds * 1000,
    recoveries: idle ? recoveries : null,
    verifyEvery: idle ? 10 : 50,
  };
}
