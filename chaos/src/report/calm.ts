import { monitorEventLoopDelay } from 'node:perf_hooks';
import { cpus } from 'node:os';
import type { Operation } from '../account/operation.js';
import type { OutageLog } from '../vault/outage.js';
import { longestGap } from './availability.js';

/** The same load on the same machine before the adversary begins: what its figures are to be compared with. Times are milliseconds. */
export interface Calm {
  readonly recoveries: number;
  readonly medianMs: number | null;
  readonly slowestMs: number | null;
  /** Longest time without an answered attempt. */
  readonly longestGapMs: number | null;
}

const SAMPLES_EVERY_MS = 250;

export function calmOf(
  recoveries: readonly Operation[],
  answeredAt: readonly number[],
  from: number,
  to: number,
  outages: OutageLog,
): Calm {
  const within = recoveries.filter(
    ({ invokedAt, returnedAt, outcome }) => invokedAt >= from && returnedAt <= to && outcome.kind === 'recovered',
  );
  const times = within.map(({ invokedAt, returnedAt }) => returnedAt - invokedAt).sort((a, b) => a - b);
  const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));
  return {
    recoveries: times.length,
    medianMs: rounded(times[Math.floor((times.length - 1) / 2)]),
    slowestMs: rounded(times.at(-1)),
    longestGapMs: longestGap(momentsBetween(from, to, SAMPLES_EVERY_MS), answeredAt, outages),
  };
}

/** Moments from which on two seconds are left until the end. */
export function momentsBetween(from: number, to: number, everyMs: number): readonly number[] {
  const count = Math.max(0, Math.floor((to - 2_000 - from) / everyMs) + 1);
  return Array.from({ length: count }, (_, i) => from + i * everyMs);
}

/** How much of the machine was in use, by whomever, and how long our own process was held up. */
export interface MachineUse {
  readonly cores: number;
  /** Share of all cores, 0 to 1. */
  readonly busy: number;
  /** The longest that the process of the load could not run, or worked without a pause: its clients answer nobody meanwhile. */
  readonly longestStallMs: number;
}

export class MachineMeter {
  private readonly delays = monitorEventLoopDelay({ resolution: 10 });
  private readonly before = ticks();

  constructor() {
    this.delays.enable();
  }

  read(): MachineUse {
    this.delays.disable();
    const now = ticks();
    const all = now.all - this.before.all;
    return {
      cores: cpus().length,
      busy: all === 0 ? 0 : Math.round((1 - (now.idle - this.before.idle) / all) * 100) / 100,
      longestStallMs: Math.round(this.delays.max / 1e6),
    };
  }
}

function ticks(): { readonly all: number; readonly idle: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
}
