import { spawn } from 'node:child_process';
import { leashed } from '@strongroom/stack';
import { inOwnMounts } from './disk/own-mounts.js';
import { HELP, OptionError, readOptions } from './options.js';
import { isGood } from './report/report.js';
import { reportText } from './report/report-text.js';
import { runChaos } from './run-chaos.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Set for ourselves once we run in a mount namespace of our own, or know that we cannot. */
const INSIDE = 'STRONGROOM_CHAOS_INSIDE';

/** `npm run chaos`. Progress goes to stderr, the report to stdout. Exit 0 only when nothing was violated. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { [INSIDE]: inside, ...hostEnv } = process.env;
  const self = { program: process.execPath, args: process.argv.slice(1) };
  // On a leash, so that it cleans up even when we are killed; within the mounts, because the kernel forgets a leash at a change of user.
  const command = inside === undefined ? inOwnMounts(leashed(self, 'SIGTERM')) : undefined;
  if (command !== undefined) return runInside(command.program, command.args);
  const interrupted = new AbortController();
  // Not once: Ctrl-C comes from the terminal and again from the process outside, and the second would end us before we cleaned up.
  for (const signal of SIGNALS) process.on(signal, () => interrupted.abort(new Error('interrupted')));
  const seed = options.seed ?? Date.now() % 2 ** 32;
  progress(`seed ${seed}`);
  const { durationMs, keep } = options;
  const report = await runChaos({ seed, durationMs, keep, hostEnv, signal: interrupted.signal, progress });
  process.stdout.write(`${reportText(report)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return isGood(report) ? 0 : 1;
}

/** The same command once more, in mounts of its own; a signal to us is one to it. */
function runInside(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, [...args], { stdio: 'inherit', env: { ...process.env, [INSIDE]: 'yes' } });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function progress(line: string): void {
  process.stderr.write(`chaos: ${line}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const told =
    error instanceof OptionError
      ? `${error.message} (see --help)`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  progress(told);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
