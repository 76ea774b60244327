import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { prepare, root } from './prepare.mjs';
import { main, progress } from './progress.mjs';

const ADVERSARIES = '/chaos/dist/';

/**
 * `npm test [-- JEST ARGS]`: everything, on two workers: a fleet that starts leaves half of the time to another. Only
 * those under an adversary run one at a time, as they look at what others leave behind.
 * The last line is `N passed, N failed`, counted by jest; a file that could not even be loaded counts as one failure.
 */
await main(async (args) => {
  const node = await prepare();
  const chosen = args.some((arg) => arg.startsWith('--selectProjects') || arg.startsWith('--ignoreProjects'));
  const runs = chosen
    ? [['--runInBand']]
    : [
        ['--selectProjects', 'unit', 'medium', '--maxWorkers=2'],
        ['--selectProjects', 'e2e', '--maxWorkers=2', `--testPathIgnorePatterns=${ADVERSARIES}`],
        ['--selectProjects', 'e2e', '--runInBand', `--testPathIgnorePatterns=^(?!.*${ADVERSARIES})`],
      ];
  const total = { passed: 0, failed: 0, skipped: 0, status: 0 };
  for (const run of runs) add(total, await jest(node, [...args, ...run]));
  if (total.skipped > 0) progress(`${total.skipped} tests were skipped`);
  if (total.passed + total.failed === 0) progress('no test ran: that is a failure');
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.status !== 0 || total.failed > 0 || total.passed === 0 ? 1 : 0;
});

async function jest(node, args) {
  const file = join(root, '.cache', 'test-results.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(file, { force: true });
  const flags = ['--json', `--outputFile=${file}`, '--passWithNoTests'];
  const status = await runChild(
    node,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules/jest/bin/jest.js'), ...args, ...flags],
    { cwd: root },
  );
  return { status, ...results(file) };
}

function results(file) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests + numTodoTests };
  } catch (error) {
    progress(`jest left no results: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function add(total, { passed, failed, skipped, status }) {
  total.passed += passed;
  // jest can fail without a failed test, as when it crashes at its end; the line has to say so.
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  total.skipped += skipped;
  total.status ||= status;
}
