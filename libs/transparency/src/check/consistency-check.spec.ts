import { describe, expect, it } from '@jest/globals';
import { exampleNote } from '../example/example-bundle.js';
import { exampleCheckpoint, exampleProof } from '../example/example-log.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import { consistencyProof } from '../tree/consistency.js';
import { notesOf, proofOf, textAfter, textsOf } from '../vectors/vector-log.js';
import { missingConsistency } from './consistency-check.js';
import { failure, outcomes, remembered, verify } from './logged-bundle.fixture.js';
import { gossipCode } from './verify-bundle.js';

const [FIRST, SECOND] = [proofOf(1), proofOf(2)];

describe('the checkpoint that the client remembers', () => {
  const leaves = textsOf(8).map(bundleDigest);
  const between = (oldSize: number, newSize: number) => consistencyProof(leaves.slice(0, newSize), oldSize);

  it('refuses a shorter log, another one of the same size, and one that grew from another', () => {
    const fork = [exampleNote(textAfter(undefined, { attempts: 9 })), ...notesOf(8).slice(1)];
    expect(failure(FIRST, { memory: { ...remembered(2), epoch: 1, digest: remembered(1).digest } })).toEqual(['consistency', 'stale']);
    const memory = { ...remembered(2), checkpoint: exampleCheckpoint(fork.slice(0, 2)) };
    expect(failure(SECOND, { memory })).toEqual(['consistency', 'invalid']);
    expect(failure(proofOf(3), { memory })).toEqual(['consistency', 'invalid']);
    expect(failure(proofOf(5), { memory, consistency: between(2, 5) })).toEqual(['consistency', 'invalid']);
  });

  it('allows a longer gap with its consistency proof and without none', () => {
    for (const [oldSize, newSize] of [
      [1, 3],
      [2, 5],
      [3, 8],
      [4, 8],
    ] as const) {
      const [source, memory] = [proofOf(newSize), remembered(oldSize)];
      expect(missingConsistency(source, memory)).toEqual({ oldSize, newSize });
      expect(failure(source, { memory })).toEqual(['consistency', 'invalid']);
      expect(failure(source, { memory, consistency: between(oldSize, newSize) })).toBe('accepted');
      expect(failure(source, { memory, consistency: between(oldSize, newSize).slice(1) })).toEqual(['consistency', 'invalid']);
    }
  });

  it('allows the same view again and one entry more, which the path itself proves', () => {
    for (let size = 1; size < 8; size++) {
      expect(failure(proofOf(size), { memory: remembered(size) })).toBe('accepted');
      expect(failure(proofOf(size + 1), { memory: remembered(size) })).toBe('accepted');
      expect(missingConsistency(proofOf(size + 1), remembered(size))).toBeUndefined();
    }
  });

  it('of another log, under the trust root before, is skipped', () => {
    const memory = { ...remembered(1), checkpoint: { ...exampleCheckpoint(notesOf(8)), origin: 'log.example/before' } };
    expect(outcomes(verify(FIRST, { memory }))).toMatchObject({ consistency: 'skipped' });
    expect(missingConsistency(FIRST, memory)).toBeUndefined();
  });

  it('asks nothing of what is no proof', () => {
    expect([
      missingConsistency('junk', remembered(1)),
      missingConsistency(notesOf(1)[0] ?? '', remembered(1)),
      missingConsistency(SECOND, undefined),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('makes two codes of one size differ when the log shows two views', () => {
    const other = [exampleNote(textAfter(undefined, { attempts: 9 }))];
    const [one, two] = [verify(FIRST), verify(exampleProof(other))].map(({ memory }) => gossipCode(memory));
    expect(one).not.toBe(two);
    expect(gossipCode({ epoch: 1, digest: new Uint8Array(32), minEpoch: 1 })).toBeUndefined();
  });
});
