import { addEventHandler, getState, resetState, run } from 'jest-circus';
import type { PlantHooks } from './plant-hooks.js';
import type { PlantedBug, SpecRun } from './planted-bug.js';
import { realTimers } from './spec-globals.js';

/** Only ends what hangs. */
const TEST_TIMEOUT_MS = 60_000;

let runs = 0;
let hasFailed = false;

// What follows a failure would show nothing more, and may wait for what the bug keeps from coming.
addEventHandler((event) => {
  if (event.name === 'test_start' && hasFailed) event.test.mode = 'skip';
  if (event.name === 'test_done') hasFailed ||= event.test.errors.length > 0;
});

/**
 * Runs one spec in this process, over the code with one bug or as it is, until its first test fails.
 * @throws Error when the spec cannot be loaded, never loads the file with the bug, or has no test: that finds nothing
 */
export async function runSpec(hooks: PlantHooks, spec: string, bug: PlantedBug | null): Promise<SpecRun> {
  resetState();
  getState().testTimeout = TEST_TIMEOUT_MS;
  hasFailed = false;
  const key = String(++runs);
  await import(hooks.urlOf(spec, key, bug));
  const { testResults, unhandledErrors } = await run().finally(realTimers);
  if (bug !== null && !hooks.isPlanted(key)) throw new Error(`${spec} never loads ${bug.file}`);
  if (testResults.length === 0) throw new Error(`${spec} has no test`);
  if (unhandledErrors.length > 0) throw new Error(`${spec} failed outside of its tests: ${unhandledErrors[0]}`);
  const failed = testResults.find(({ errors }) => errors.length > 0);
  return {
    passed: testResults.filter(({ status, errors }) => status === 'done' && errors.length === 0).length,
    failed: failed === undefined ? null : failed.testPath.slice(1).join(' > '),
  };
}
