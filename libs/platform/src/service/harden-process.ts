import { writeFileSync } from 'node:fs';
import type { Log } from '../logging/log.js';

/**
 * Keeps secrets in memory from being written out or looked at, as far as a process can do that to itself:
 * no memory goes into a core dump (Linux: core(5), coredump_filter; Node has no setrlimit, so the supervisor sets
 * `ulimit -c 0` as well), no diagnostic reports, and SIGUSR1 does not open the debugger.
 */
export function hardenProcess(log: Log): void {
  if (process.report !== undefined) {
    process.report.reportOnFatalError = false;
    process.report.reportOnUncaughtException = false;
    process.report.reportOnSignal = false;
    process.report.excludeEnv = true;
  }
  process.on('SIGUSR1', () => log.warn({ event: 'service.debugger-refused' }));
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch (error) {
    log.warn({ event: 'service.core-dumps-unfiltered', reason: error instanceof Error ? error.message : 'unknown' });
  }
}
