import { HELP, OptionError, readOptions } from './options.fixture.js';
import { Search, type SearchResult } from './search.fixture.js';

/** `npm run model`. Progress goes to stderr, the report to stdout. Exit 0 only when nothing was violated. */
function main(args: readonly string[]): number {
  const { bounds, maxStates, json, help } = readOptions(args);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;
  const search = new Search(bounds);
  const result = search.run({ maxStates, onLevel: (depth, states) => progress(`depth ${depth}, ${states} states, ${seconds()} s`) });
  const report = { ...figuresOf(result), bounds, seconds: seconds() };
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${reportText(result)}\n`);
  return result.violation === null ? 0 : 1;
}

function figuresOf({ violation, story, ...figures }: SearchResult) {
  const dead = violation !== null && violation.startsWith('dead state');
  return { ...figures, violations: violation === null || dead ? 0 : 1, deadStates: dead ? 1 : 0, violation, story };
}

function reportText({ states, transitions, depth, complete, violation, story }: SearchResult): string {
  const extent = complete ? 'all there are within the bounds' : 'NOT all: the search was cut off';
  const found =
    violation === null
      ? ['no rule is violated, no state is dead']
      : [`violated: ${violation}`, ...story.map((step, i) => `  ${i + 1}. ${step}`)];
  return [`${states} states (${extent}), ${transitions} transitions, depth ${depth}`, ...found].join('\n');
}

function progress(line: string): void {
  process.stderr.write(`model: ${line}\n`);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  progress(`${error.message} (see --help)`);
  process.exitCode = 2;
}
