import { parseArgs } from 'node:util';
import { compareText } from './compare-text.js';
import { runCompare } from './run-compare.js';

const HELP = `Usage: npm run compare -- [options]

Starts a vault of real processes (five nodes, gateway, bus, database) and plays the scenarios of docs/COMPARISON.md on it:
answers lost, flaky third node, code change interrupted, slow node, silent node, forged attempts-left, delayed
self-destruct. For each it prints whether it held, how many attempts a call took at most, and how long the slowest call
took in undisturbed recoveries of the same run. Codes are not stretched, and locked records are erased after 5 s.

Options
  --json        one JSON object as the last line of the output
  --help        this text

Exit 0 only when every scenario held. Times are measurements: they depend on the machine and do not fail the command.

Examples
  npm run compare
  npm run compare -- --json
`;

function progress(line: string): void {
  process.stderr.write(`compare: ${line}\n`);
}

/** `npm run compare`. Progress goes to stderr, the report to stdout. */
async function main(args: readonly string[]): Promise<number> {
  const { json, help } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  if (help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort(new Error('interrupted')));
  const report = await runCompare({ hostEnv: process.env, signal: interrupted.signal, progress });
  process.stdout.write(`${compareText(report)}\n`);
  if (json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.held === report.scenarios.length ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const wrongOption = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  progress(wrongOption ? `${error.message} (see --help)` : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = wrongOption ? 2 : 1;
}
