import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { compareBallots, isLeap, maxBallot, readBallot, writeBallot, type Ballot } from './ballot.js';

const ballots: fc.Arbitrary<Ballot> = fc.record({ round: fc.nat(3), node: fc.nat(3), incarnation: fc.nat(3) });
const at = (round: number, node: number, incarnation: number): Ballot => ({ round, node, incarnation });

describe('ballots', () => {
  it('are ordered by round, then node, then incarnation', () => {
    const rising = [null, at(0, 1, 1), at(0, 1, 2), at(0, 2, 1), at(1, 1, 1)];
    for (const [i, lower] of rising.entries())
      for (const higher of rising.slice(i + 1)) expect(compareBallots(lower, higher)).toBeLessThan(0);
  });

  it('have one total order', () => {
    const maybe = fc.option(ballots);
    const property = fc.property(maybe, maybe, maybe, (a, b, c) => {
      expect(Math.sign(compareBallots(a, b)) + Math.sign(compareBallots(b, a))).toBe(0);
      if (compareBallots(a, b) <= 0 && compareBallots(b, c) <= 0) expect(compareBallots(a, c)).toBeLessThanOrEqual(0);
      expect(compareBallots(maxBallot(a, b), a)).toBeGreaterThanOrEqual(0);
      expect(compareBallots(maxBallot(a, b), b)).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property);
  });

  it('read back as written', () => {
    fc.assert(
      fc.property(ballots, (ballot) =>
        expect(readBallot(new ByteReader(writeBallot(new ByteWriter(), ballot).bytes()), 'b')).toEqual(ballot),
      ),
    );
  });

  it('leap when they skip more rounds than any honest rivalry needs', () => {
    expect(isLeap(1, 65_537)).toBe(false);
    expect(isLeap(1, 65_538)).toBe(true);
    expect(isLeap(9, 1)).toBe(false);
  });
});
