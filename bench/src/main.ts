import { benchLog, logReportText } from './log/bench-log.js';
import { HELP, OptionError, readOptions } from './options.js';
import { reportText } from './report/report-text.js';
import { runBench } from './run-bench.js';

/** `npm run bench`. Progress goes to stderr, the report to stdout. Exit 0 only when no recovery failed. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.mode === 'log') {
    const measured = await benchLog(options, progress);
    process.stdout.write(`${logReportText(measured)}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(measured)}\n`);
    return measured.fsckOutcome === 'ok' ? 0 : 1;
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, interrupt);
  const report = await runBench(options, { hostEnv: process.env, signal: interrupted.signal, progress });
  process.stdout.write(`${reportText(report)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return Object.keys(report.failures).length === 0 ? 0 : 1;
}

function progress(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const told = error instanceof OptionError ? `${error.message} (see --help)` : error instanceof Error ? error.message : String(error);
  progress(told);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
