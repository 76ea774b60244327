import { describe, expect, it } from '@jest/globals';
import { ristretto255 } from '@noble/curves/ed25519.js';
import { toHex, type Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { numberToScalar, scalarToNumber } from '../group/scalar.js';
import { recordHash, sharingHash } from '../record/record-codec.js';
import { refreshRecord } from '../record/refresh-record.js';
import { refusal } from '../vectors/refusal.js';
import { sampleFleet } from '../vectors/samples.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { combineScalars } from './combine.js';
import { deal, randomScalar } from './deal.js';
import { sumScalars } from './repair.js';
import { dealZero, refreshedCommitments, verifyDelta } from './reshare.js';
import { verifyShare } from './verify-share.js';

const { Fn } = ristretto255.Point;
const at = (values: readonly Bytes[], index: number): Bytes => values[index - 1] ?? new Uint8Array(0);
const indices = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

describe.each([
  [2, 3],
  [3, 5],
  [4, 7],
])('a sharing %i of %i', (t, n) => {
  const random = seededRandom(`reshare ${t} of ${n}`);
  const secret = randomScalar(random);
  const { shares, commitments } = deal(secret, t, n, random);
  const dealings = Array.from({ length: t }, () => dealZero(nobleGroup, t, n, random));
  const fresh = indices(n).map((i) => sumScalars(nobleGroup, [at(shares, i), ...dealings.map(({ deltas }) => at(deltas, i))]));
  const after = refreshedCommitments(
    commitments,
    dealings.map((dealing) => dealing.commitments),
  );

  it('has the same secret under the same C_0 once sharings of zero are added, and other shares', () => {
    expect(after[0]).toEqual(commitments[0]);
    for (const i of indices(n)) {
      expect(verifyShare(nobleGroup, at(fresh, i), i, after)).toBe(true);
      expect(verifyShare(nobleGroup, at(shares, i), i, after)).toBe(false);
    }
    const last = indices(n).slice(-t);
    expect(combineScalars(last.map((index) => ({ index, scalar: at(fresh, index) })))).toEqual(secret);
  });

  it('gives nothing for old and new shares together, t - 1 in all', () => {
    const mixed = indices(t).map((index) => ({ index, scalar: at(index === 1 ? shares : fresh, index) }));
    expect(combineScalars(mixed)).not.toEqual(secret);
  });

  it('checks each summand against its dealer, at its own place and no other', () => {
    for (const { deltas, commitments: promised } of dealings) {
      for (const i of indices(n)) expect(verifyDelta(nobleGroup, at(deltas, i), i, promised)).toBe(true);
      expect(verifyDelta(nobleGroup, at(deltas, 1), 2, promised)).toBe(false);
    }
  });

  it('notices a dealer whose polynomial has a constant: it would change the secret', () => {
    const { deltas, commitments: promised } = dealZero(nobleGroup, t, n, random);
    const shifted = deltas.map((delta) => numberToScalar(Fn.add(scalarToNumber(delta, 'delta'), 1n)));
    for (const i of indices(n)) expect(verifyDelta(nobleGroup, at(shifted, i), i, promised)).toBe(false);
  });

  it('refuses a dealing of another degree', () => {
    const { commitments: longer } = dealZero(nobleGroup, t + 1, n + 1, random);
    expect(refusal(() => refreshedCommitments(commitments, [longer]))).toBe('REQUEST_INVALID commitments');
    expect(refusal(() => refreshedCommitments(commitments, [longer.slice(2)]))).toBe('REQUEST_INVALID commitments');
  });
});

describe('a refreshed record', () => {
  it('shows by its base and the earlier sharing that it is the record of before', async () => {
    const { record } = await sampleFleet(3, 5);
    const random = seededRandom('refreshed record');
    const one = dealZero(nobleGroup, 3, 5, random);
    const other = dealZero(nobleGroup, 3, 5, random);
    const refreshed = refreshRecord(record, [{ keyCommitments: one.commitments, secretCommitments: other.commitments }]);
    expect(toHex(recordHash(refreshed))).not.toBe(toHex(recordHash(record)));
    expect(recordHash(refreshed, sharingHash(record))).toEqual(recordHash(record));
    const foreign = { ...refreshed, wrapped: refreshed.wrapped.map((byte) => byte ^ 1) };
    expect(recordHash(foreign, sharingHash(record))).not.toEqual(recordHash(record));
  });

  it('is refused where a sum of commitments would be the identity', async () => {
    const { record } = await sampleFleet(2, 3);
    const minus = ristretto255.Point.fromBytes(at(record.commitments, 2)).negate().toBytes();
    const dealing = { keyCommitments: [minus], secretCommitments: [at(record.commitments, 2)] };
    expect(refusal(() => refreshRecord(record, [dealing]))).toBe('REQUEST_INVALID commitments');
  });
});
