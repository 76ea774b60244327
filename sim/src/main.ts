import { cpuUsage } from 'node:process';
import { runBounds } from './bounds/run-bounds.js';
import { HELP, OptionError, readOptions, type SimOptions } from './options.js';
import { makePlan } from './plan/make-plan.js';
import { findPlantedBugs } from './planted/find-planted-bugs.js';
import { PLANTED_BUGS } from './planted/planted-bugs.js';
import { jsonLine, reportText, Totals } from './report/totals.js';
import { runPlan, type RunResult } from './run/simulation.js';
import { shrink } from './shrink/shrink.js';
import { storyOf } from './shrink/story.js';

const STORIES = 3;
const TELL_EVERY_MS = 2_000;

/** `npm run sim`. Progress goes to stderr, the report to stdout. Exit 0 only without a violation and with every planted bug found. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.bounds) {
    const print = (line: string): void => void process.stdout.write(`${line}\n`);
    return (await runBounds({ ...options, signal, progress, print })) ? 0 : 1;
  }
  const totals = new Totals();
  const before = cpuUsage();
  const failed = await runSeeds(options, totals, signal);
  const { user, system } = cpuUsage(before);
  process.stdout.write(`${reportText(totals, (user + system) / 1e6)}\n`);
  for (const { seed } of failed.slice(0, STORIES)) await tellStory(seed, options, signal);
  if (failed.length > STORIES)
    process.stdout.write(
      `and ${failed.length - STORIES} more seeds: ${failed
        .slice(STORIES)
        .map(({ seed }) => seed)
        .join(', ')}\n`,
    );
  const planted = options.planted ? await findPlantedBugs(PLANTED_BUGS, { signal, progress }) : null;
  const found = planted === null ? null : `${planted.filter(({ seeds }) => seeds !== null).length}/${planted.length}`;
  if (planted !== null)
    for (const { bug, seeds, rule } of planted)
      process.stdout.write(`${bug.name}: ${seeds === null ? 'NOT FOUND' : `found by rule ${rule} with ${seeds} seeds`}\n`);
  if (options.json) process.stdout.write(`${jsonLine(totals, found)}\n`);
  return totals.violations > 0 || planted?.some(({ seeds }) => seeds === null) === true ? 1 : 0;
}

async function runSeeds(
  { from, seeds, trace, corruptExact, antiEntropy }: SimOptions,
  totals: Totals,
  signal: AbortSignal,
): Promise<readonly RunResult[]> {
  const failed: RunResult[] = [];
  let toldAtMs = performance.now();
  for (let seed = from; seed < from + seeds; seed++) {
    signal.throwIfAborted();
    const plan = makePlan(seed, { corruptExact, antiEntropy });
    const tell = (line: string): void => void process.stdout.write(`${line}\n`);
    const result = await runPlan(plan, trace ? { verbose: true, tell } : {});
    totals.add(result);
    if (result.violation !== null) {
      failed.push(result);
      progress(`seed ${seed}: ${result.violation.rule}: ${result.violation.story}`);
    }
    if (performance.now() - toldAtMs < TELL_EVERY_MS) continue;
    toldAtMs = performance.now();
    progress(`${totals.seeds} of ${seeds} seeds, ${totals.simHours} fleet-hours, ${totals.violations} violations`);
  }
  return failed;
}

async function tellStory(seed: number, { corruptExact, antiEntropy }: SimOptions, signal: AbortSignal): Promise<void> {
  progress(`seed ${seed} is being shrunk`);
  const shrunk = await shrink(makePlan(seed, { corruptExact, antiEntropy }), signal);
  process.stdout.write(`${storyOf(shrunk)}\n`);
}

function progress(line: string): void {
  process.stderr.write(`sim: ${line}\n`);
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort(new Error('interrupted')));
try {
  process.exitCode = await main(process.argv.slice(2), interrupted.signal);
} catch (error) {
  const told =
    error instanceof OptionError
      ? `${error.message} (see --help)`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  progress(interrupted.signal.aborted ? 'interrupted' : told);
  process.exitCode = error instanceof OptionError ? 2 : interrupted.signal.aborted ? 130 : 1;
}
