import { describe, expect, it } from '@jest/globals';
import { FAULT_KINDS, type Round } from './fault.js';
import { planChaos } from './plan.js';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

function rounds(seed: number, count: number): readonly Round[] {
  const drawn: Round[] = [];
  for (const round of planChaos(seed, 5).rounds()) {
    drawn.push(round);
    if (drawn.length === count) break;
  }
  return drawn;
}

const nodesOf = (round: Round): readonly number[] => round.flatMap((fault) => ('node' in fault ? [fault.node] : []));

describe('the plan of the adversary', () => {
  it('is the same for the same seed and another for another', () => {
    expect(rounds(7, 40)).toEqual(rounds(7, 40));
    expect(rounds(7, 40)).not.toEqual(rounds(8, 40));
  });

  it.each(SEEDS)('holds every kind of fault in its first pass (seed %i)', (seed) => {
    const kinds = rounds(seed, planChaos(seed, 5).firstPass).flatMap((round) => round.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...FAULT_KINDS].sort());
  });

  it.each(SEEDS)('keeps to what the fleet is built for (seed %i)', (seed) => {
    const { smallDisks } = planChaos(seed, 5);
    for (const round of rounds(seed, 200)) {
      const nodes = nodesOf(round);
      expect(new Set(nodes).size).toBe(nodes.length);
      expect(nodes.length).toBeLessThanOrEqual(3);
      const rolledBack = round.filter(({ kind }) => kind === 'rollback');
      expect(rolledBack.length).toBeLessThanOrEqual(1);
      if (rolledBack.length === 1) expect(nodes.length).toBeLessThanOrEqual(2);
      if (round.some(({ kind }) => kind === 'busRestart' || kind === 'gatewayKill')) expect(round).toHaveLength(1);
      for (const fault of round) if (fault.kind === 'diskFull') expect(smallDisks).toContain(fault.node);
    }
  });

  it('strikes three nodes at once now and then', () => {
    expect(rounds(1, 200).some((round) => nodesOf(round).length === 3)).toBe(true);
  });
});
