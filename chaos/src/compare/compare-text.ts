import type { ScenarioResult } from './result.js';
import type { CompareReport } from './run-compare.js';

/** The report for people. */
export function compareText({ scenarios, undisturbedMs, undisturbedSlowestMs, held }: CompareReport): string {
  return [
    '',
    `An undisturbed recovery took ${undisturbedMs} ms (median of this run; the slowest ${undisturbedSlowestMs} ms).`,
    '',
    ...scenarios.flatMap(lines),
    `${held} of ${scenarios.length} scenarios held. What is known of others: docs/COMPARISON.md`,
    '',
  ].join('\n');
}

function lines({ name, held, broken, seen, calls, attemptsPerCall, slowestMs, timesUndisturbed }: ScenarioResult): readonly string[] {
  const cost =
    calls === 0
      ? []
      : [
          `    ${calls} calls, ${attemptsPerCall} attempt each at most; the slowest took ${slowestMs} ms, ${timesUndisturbed} times an undisturbed one`,
        ];
  return [`${held ? 'held' : 'DID NOT HOLD'}: ${name}`, `    ${seen}`, ...cost, ...broken.map((what) => `    broken: ${what}`), ''];
}
