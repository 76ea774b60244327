import { readFileSync } from 'node:fs';

/** Processor time that a process has used since it started, all its threads together. */
export interface CpuTime {
  readonly userMs: number;
  readonly systemMs: number;
}

/** Linux fixes USER_HZ at 100 for everything that /proc shows (proc(5)). */
const TICK_MS = 10;

/**
 * utime and stime of /proc/<pid>/stat (Linux).
 * @throws Error when the process is gone or the system has no /proc
 */
export function cpuTime(pid: number): CpuTime {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { userMs: Number(fields[11]) * TICK_MS, systemMs: Number(fields[12]) * TICK_MS };
}
