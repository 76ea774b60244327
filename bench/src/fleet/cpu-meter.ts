import { readFileSync } from 'node:fs';
import type { ServiceProcess, Stack } from '@strongroom/stack';

/** Processor time (user and system) of each process so far, and of the whole machine, in milliseconds. */
export interface CpuReading {
  readonly services: ReadonlyMap<string, number>;
  readonly userMs: number;
  readonly systemMs: number;
  /** All cores together; without waiting for the disk, and without what the hypervisor took. */
  readonly machineMs: number;
  /** Taken by the hypervisor for others. */
  readonly stolenMs: number;
}

/** Linux fixes USER_HZ at 100 for everything that /proc shows (proc(5)). */
const TICK_MS = 10;

/** The processes on the path of a recovery: the gateway, the nodes, the bus. The database is not on it. */
export function measuredProcesses({ services: { gateway, nodes, nats } }: Stack): readonly ServiceProcess[] {
  return [gateway, ...nodes, ...(nats.process === undefined ? [] : [nats.process])];
}

export function readCpu(processes: readonly ServiceProcess[]): CpuReading {
  const times = processes.map((process) => ({ name: process.name, ...process.cpu() }));
  const sum = (pick: (time: (typeof times)[number]) => number): number => times.reduce((total, time) => total + pick(time), 0);
  return {
    services: new Map(times.map(({ name, userMs, systemMs }) => [name, userMs + systemMs])),
    userMs: sum(({ userMs }) => userMs),
    systemMs: sum(({ systemMs }) => systemMs),
    ...machine(),
  };
}

/** What was used between two readings. */
export function used(from: CpuReading, to: CpuReading): CpuReading {
  return {
    services: new Map([...to.services].map(([name, ms]) => [name, ms - (from.services.get(name) ?? 0)])),
    userMs: to.userMs - from.userMs,
    systemMs: to.systemMs - from.systemMs,
    machineMs: to.machineMs - from.machineMs,
    stolenMs: to.stolenMs - from.stolenMs,
  };
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
function machine(): Pick<CpuReading, 'machineMs' | 'stolenMs'> {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return { machineMs: (user + nice + system + irq + softirq) * TICK_MS, stolenMs: steal * TICK_MS };
}
