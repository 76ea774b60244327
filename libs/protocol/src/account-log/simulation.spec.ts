import { describe, expect, it } from '@jest/globals';
import { RandomRun, type RunResult } from './log-run.fixture.js';

const NOTHING: RunResult = { steps: 0, decided: 0, rollbacks: 0, restarts: 0 };

/** After every step: one value per index, q votes under it, one state per index, no attempt above the budget; in the end no dead state. */
function runMany(seeds: number, n: number, q: number): RunResult {
  let sum = NOTHING;
  for (let seed = 1; seed <= seeds; seed++) {
    const result = run(seed, n, q);
    sum = {
      steps: sum.steps + result.steps,
      decided: sum.decided + result.decided,
      rollbacks: sum.rollbacks + result.rollbacks,
      restarts: sum.restarts + result.restarts,
    };
  }
  return sum;
}

function run(seed: number, n: number, q: number): RunResult {
  try {
    return new RandomRun({ seed, n, q }).run();
  } catch (cause) {
    throw new Error(`seed ${seed} of ${n} nodes: ${cause instanceof Error ? cause.message : 'failed'}`, { cause });
  }
}

describe('a fleet under loss, delay, replay, crashes and disks that turn out old', () => {
  it('keeps every rule in the standard profile', () => {
    const { decided, rollbacks, restarts } = runMany(120, 5, 3);
    // The storms do reach the cases they are for.
    expect({ decided: decided > 800, rollbacks: rollbacks > 60, restarts: restarts > 300 }).toEqual({
      decided: true,
      rollbacks: true,
      restarts: true,
    });
  }, 120_000);

  it('keeps every rule in the hardened profile', () => {
    expect(runMany(24, 7, 5).decided).toBeGreaterThan(100);
  }, 120_000);
});
