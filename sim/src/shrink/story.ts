import { describe } from '../plan/describe.js';
import type { Shrunk } from './shrink.js';

/** A shrunk failure for people: the fleet, what was done to it, and which rule it broke. */
export function storyOf({ plan, result, before, runs }: Shrunk): string {
  const { seed, n, t, q, attempts, corrupt } = plan;
  const bad = corrupt.length === 0 ? '' : `, of which ${corrupt.join(' and ')} belong to the attacker`;
  return [
    `seed ${seed}, shrunk from ${before} steps to ${plan.steps.length} in ${runs} runs`,
    `  ${n} nodes${bad}; ${t} shares and ${q} votes needed, ${attempts} attempts allowed`,
    ...plan.steps.map(({ action, thenMs }, i) => `  ${i + 1}. ${describe(action)}${thenMs > 0 ? `; ${thenMs} ms later` : ''}`),
    ...(result.violation === null ? [] : [`  then ${result.violation.rule} does not hold: ${result.violation.story}`]),
  ].join('\n');
}
