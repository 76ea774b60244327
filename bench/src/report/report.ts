import { cpus } from 'node:os';
import type { CryptoOnly } from '../crypto/crypto-only.js';
import type { CpuReading } from '../fleet/cpu-meter.js';
import type { GeneratorResult } from '../generator/messages.js';
import type { BenchOptions } from '../options.js';
import { percentiles, type Percentiles } from './percentiles.js';

export interface Measured {
  readonly options: BenchOptions;
  readonly parameters: { readonly n: number; readonly t: number; readonly q: number };
  readonly result: GeneratorResult;
  /** Between the borders of the measurement. */
  readonly cpu: CpuReading;
  /** Times that the gateway asked another node because one was late. */
  readonly hedges: number;
  readonly crypto: CryptoOnly;
}

/** What the bench prints as its last line with --json. Times are milliseconds. */
export interface Report {
  readonly mode: 'load' | 'idle';
  readonly fleet: { readonly profile: string; readonly n: number; readonly t: number; readonly q: number };
  readonly accounts: number;
  readonly concurrency: number;
  readonly seconds: number;
  readonly recoveries: number;
  readonly recoveriesPerSecond: number;
  readonly latencyMs: Percentiles;
  readonly attemptMs: Percentiles;
  readonly confirmMs: Percentiles;
  readonly failures: Readonly<Record<string, number>>;
  /** Recoveries that were verified completely, from votes and proofs to the backup key. */
  readonly verified: number;
  readonly madeLate: number;
  readonly hedgesPerRecovery: number;
  /** Gateway and nodes, user and system time. */
  readonly cpuMsPerRecovery: number;
  /** By process; the bus (nats) stands beside the sum. */
  readonly cpuMsPerRecoveryOf: Readonly<Record<string, number>>;
  readonly cryptoOnlyMsPerRecovery: number;
  readonly cryptoOnly: CryptoOnly['parts'];
  /** cpuMsPerRecovery / cryptoOnlyMsPerRecovery. */
  readonly timesCryptoOnly: number;
  readonly machine: {
    readonly cores: number;
    readonly model: string;
    /** Shares of all cores during the measurement, 0 to 1. */
    readonly fleet: number;
    readonly generator: number;
    readonly others: number;
    readonly stolen: number;
  };
}

const BUS = 'nats';

export function reportOf({ options, parameters, result, cpu, hedges, crypto }: Measured): Report {
  const { elapsedMs, totalMs, generatorMs, failures, verified, madeLate } = result;
  const recoveries = totalMs.length;
  const perRecovery = [...cpu.services].map(([name, ms]) => [name, rounded(ms / recoveries)] as const);
  const fleetMs = [...cpu.services].reduce((sum, [name, ms]) => (isBus(name) ? sum : sum + ms), 0);
  const cores = cpus();
  const share = (ms: number): number => rounded(ms / (elapsedMs * cores.length));
  const allMs = [...cpu.services.values()].reduce((sum, ms) => sum + ms, 0);
  return {
    mode: options.mode === 'idle' ? 'idle' : 'load',
    fleet: { profile: options.profile, n: parameters.n, t: parameters.t, q: parameters.q },
    accounts: options.accounts,
    concurrency: options.concurrency,
    seconds: rounded(elapsedMs / 1000),
    recoveries,
    recoveriesPerSecond: rounded(recoveries / (elapsedMs / 1000)),
    latencyMs: roundedAll(percentiles(totalMs)),
    attemptMs: roundedAll(percentiles(result.attemptMs)),
    confirmMs: roundedAll(percentiles(result.confirmMs)),
    failures,
    verified,
    madeLate,
    hedgesPerRecovery: rounded(hedges / recoveries),
    cpuMsPerRecovery: rounded(fleetMs / recoveries),
    cpuMsPerRecoveryOf: Object.fromEntries(perRecovery),
    cryptoOnlyMsPerRecovery: rounded(crypto.msPerRecovery),
    cryptoOnly: crypto.parts.map((part) => ({ ...part, microseconds: rounded(part.microseconds) })),
    timesCryptoOnly: rounded(fleetMs / recoveries / crypto.msPerRecovery),
    machine: {
      cores: cores.length,
      model: cores[0]?.model ?? 'unknown',
      fleet: share(allMs),
      generator: share(generatorMs),
      others: share(Math.max(0, cpu.machineMs - allMs - generatorMs)),
      stolen: share(cpu.stolenMs),
    },
  };
}

export function isBus(name: string): boolean {
  return name === BUS;
}

/** Three digits behind the point are more than any of it is worth. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function roundedAll({ p50, p95, p99, max }: Percentiles): Percentiles {
  return { p50: rounded(p50), p95: rounded(p95), p99: rounded(p99), max: rounded(max) };
}
