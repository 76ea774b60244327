import { addFaults, noFaults, type FaultCounts } from '../run/faults.js';
import type { RunResult } from '../run/simulation.js';

const HOUR_MS = 3_600_000;

/** What many runs come to. */
export class Totals {
  seeds = 0;
  steps = 0;
  simMs = 0;
  attempts = 0;
  recoveries = 0;
  violations = 0;
  readonly faults: FaultCounts = noFaults();

  add(result: RunResult): void {
    this.seeds += 1;
    this.steps += result.steps;
    this.simMs += result.simMs;
    this.attempts += result.attempts;
    this.recoveries += result.recoveries;
    this.violations += result.violation === null ? 0 : 1;
    addFaults(this.faults, result.faults);
  }

  get simHours(): number {
    return Math.round((this.simMs / HOUR_MS) * 10) / 10;
  }
}

/** The last line of `--json`: exactly these names. @param found as in `18/18`, null when none were planted */
export function jsonLine(totals: Totals, found: string | null): string {
  const { seeds, steps, simHours, attempts, violations, faults } = totals;
  return JSON.stringify({ seeds, steps, simHours, attempts, violations, faults, plantedBugsFound: found ?? '0/0' });
}

/** @param cpuSeconds of processor time that the runs took */
export function reportText(totals: Totals, cpuSeconds: number): string {
  const { seeds, steps, simHours, attempts, recoveries, violations } = totals;
  const rate = (amount: number): string => (cpuSeconds > 0 ? Math.round(amount / cpuSeconds).toLocaleString('en') : '-');
  const perMinute = cpuSeconds > 0 ? Math.round((simHours * 60) / cpuSeconds).toLocaleString('en') : '-';
  return [
    `${seeds} seeds, ${steps.toLocaleString('en')} steps, ${simHours.toLocaleString('en')} fleet-hours, ${attempts} attempts, ${recoveries} recoveries, ${violations} violations`,
    `${cpuSeconds.toFixed(1)} s of processor time: ${(seeds / Math.max(cpuSeconds, 0.001)).toFixed(2)} seeds and ${rate(steps)} steps a second, ${perMinute} fleet-hours a minute`,
  ].join('\n');
}
