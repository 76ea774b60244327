import { describe, expect, it } from '@jest/globals';
import { agreesDespite } from '../roster/guess-bound.js';
import { LyingRun, type LyingOptions, type LyingResult } from './lying-run.fixture.js';

type Shape = Omit<LyingOptions, 'seed'>;

function run(seed: number, of: Shape): LyingResult {
  try {
    return new LyingRun({ seed, ...of }).run();
  } catch (cause) {
    throw new Error(`seed ${seed} of ${of.n} nodes: ${cause instanceof Error ? cause.message : 'failed'}`, { cause });
  }
}

function runMany(seeds: number, of: Shape): Record<keyof LyingResult, number> {
  const sum = { decided: 0, equivocations: 0, forgedReports: 0, rivalProposals: 0, restarts: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const result = run(seed, of);
    sum.decided += result.decided;
    sum.equivocations += result.equivocations;
    sum.forgedReports += result.forgedReports;
    sum.rivalProposals += result.rivalProposals;
    sum.restarts += result.restarts;
  }
  return sum;
}

describe('a fleet with as many corrupt nodes as it bears, on a bus that serves them', () => {
  it.each<Shape & { readonly seeds: number }>([
    { n: 7, t: 4, q: 5, b: 1, seeds: 12 },
    { n: 4, t: 3, q: 3, b: 1, seeds: 12 },
    { n: 5, t: 3, q: 4, b: 1, seeds: 12 },
    { n: 6, t: 4, q: 5, b: 2, seeds: 12 },
    { n: 7, t: 4, q: 6, b: 2, seeds: 12 },
  ])(
    'decides one value at an index and leaves none open: $n nodes, $q votes, $b corrupt',
    ({ seeds, ...of }) => {
      expect(agreesDespite(of, of.b)).toBe(true);
      const { decided, equivocations, forgedReports, rivalProposals } = runMany(seeds, of);
      expect(decided).toBeGreaterThanOrEqual(seeds);
      // The storms do reach the cases they are for.
      expect(Math.min(equivocations, forgedReports, rivalProposals)).toBeGreaterThan(seeds);
    },
    120_000,
  );
});
