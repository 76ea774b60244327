import { describe, expect, it } from '@jest/globals';
import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { toHex, utf8, type Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { numberToScalar, scalarToNumber } from '../group/scalar.js';
import { blind, evaluateKnown, finalize } from '../oprf/oprf.js';
import { refusal } from '../vectors/refusal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { combinePoints, combineScalars, combinesTo, lagrangeCoefficients } from './combine.js';
import { deal, randomScalar } from './deal.js';
import { publicShare, verifyShare } from './verify-share.js';

const { Fn } = ristretto255.Point;

function subsets(n: number, size: number, from = 1): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  const out: (readonly number[])[] = [];
  for (let i = from; i <= n - size + 1; i++) for (const rest of subsets(n, size - 1, i + 1)) out.push([i, ...rest]);
  return out;
}

const at = (values: readonly Bytes[], index: number): Bytes => values[index - 1] ?? new Uint8Array(0);

describe.each([
  [2, 3],
  [3, 5],
  [4, 7],
])('%i of %i', (t, n) => {
  const random = seededRandom(`sharing ${t} of ${n}`);
  const key = randomScalar(random);
  const { shares, commitments } = deal(key, t, n, random);
  const input = utf8('input');
  const { blind: r, blindedElement } = blind(input, random);
  const evaluations = shares.map((share) => nobleGroup.multiply(blindedElement, share));
  // The peer is noble's own evaluation with the whole key.
  const whole = ristretto255_oprf.oprf.blindEvaluate(key, blindedElement);
  const output = ristretto255_oprf.oprf.finalize(input, r, whole);

  it.each(subsets(n, t))('nodes %j... give the plain OPRF result, C_0 and the secret', (...indices) => {
    const combined = combinePoints(indices.map((index) => ({ index, point: at(evaluations, index) })));
    expect(toHex(combined)).toBe(toHex(whole));
    expect(finalize(input, r, combined)).toEqual(output);
    expect(evaluateKnown(key, input)).toEqual(output);
    const publicShares = indices.map((index) => ({ index, point: publicShare(commitments, index) }));
    expect(combinesTo(publicShares, at(commitments, 1))).toBe(true);
    expect(combineScalars(indices.map((index) => ({ index, scalar: at(shares, index) })))).toEqual(key);
  });

  it.each(subsets(n, t - 1))('nodes %j... alone give nothing: any secret is as likely', (...indices) => {
    const combined = combinePoints(indices.map((index) => ({ index, point: at(evaluations, index) })));
    expect(toHex(combined)).not.toBe(toHex(whole));
    expect(
      combinesTo(
        indices.map((index) => ({ index, point: publicShare(commitments, index) })),
        at(commitments, 1),
      ),
    ).toBe(false);
    // For another secret there is a polynomial of the same degree through exactly these shares.
    const other = randomScalar(random);
    const { numerators, denominator } = lagrangeCoefficients([...indices, n + 1]);
    const lambdas = numerators.map((numerator) => Fn.div(Fn.create(numerator), Fn.create(denominator)));
    const known = indices.reduce((sum, index, i) => Fn.add(sum, Fn.mul(lambdas[i] ?? 0n, scalarToNumber(at(shares, index), 's'))), 0n);
    const missing = Fn.div(Fn.sub(scalarToNumber(other, 's'), known), lambdas[indices.length] ?? 0n);
    const points = [...indices.map((index) => ({ index, scalar: at(shares, index) })), { index: n + 1, scalar: numberToScalar(missing) }];
    expect(combineScalars(points)).toEqual(other);
  });

  it('accepts every share at its own index and at no other', () => {
    for (let i = 1; i <= n; i++) {
      for (let j = 1; j <= n; j++) expect(verifyShare(nobleGroup, at(shares, i), j, commitments)).toBe(i === j);
    }
  });
});

describe('sharing', () => {
  const random = seededRandom('sharing');

  it('has exact coefficients that add up to one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 20 }), (indices) => {
        const { numerators, denominator } = lagrangeCoefficients(indices);
        expect(numerators.reduce((sum, numerator) => sum + numerator, 0n)).toBe(denominator);
      }),
    );
  });

  it('combines any threshold, indices far apart included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 215 }), fc.nat(), (t, spare, start) => {
        const n = t + spare;
        const secret = randomScalar(random);
        const { shares } = deal(secret, t, n, random);
        const indices = Array.from({ length: t }, (_, i) => ((start + i * Math.floor(n / t)) % n) + 1);
        fc.pre(new Set(indices).size === t);
        expect(combineScalars(indices.map((index) => ({ index, scalar: at(shares, index) })))).toEqual(secret);
        const points = indices.map((index) => ({ index, point: nobleGroup.multiplyBase(at(shares, index)) }));
        expect(combinesTo(points, nobleGroup.multiplyBase(secret))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses duplicate, unknown and missing indices', () => {
    const point = nobleGroup.multiplyBase(randomScalar(random));
    for (const indices of [[], [0], [256], [1.5], [-1], [2, 2]]) {
      expect(refusal(() => combinePoints(indices.map((index) => ({ index, point }))))).toBe('REQUEST_INVALID index');
    }
  });

  it('refuses zero and unreduced secrets and impossible thresholds', () => {
    const secret = randomScalar(random);
    expect(refusal(() => deal(new Uint8Array(32), 2, 3, random))).toBe('REQUEST_INVALID secret');
    expect(refusal(() => deal(new Uint8Array(32).fill(255), 2, 3, random))).toBe('REQUEST_INVALID secret');
    expect(refusal(() => deal(secret, 4, 3, random))).toBe('REQUEST_INVALID threshold');
    expect(refusal(() => deal(secret, 0, 3, random))).toBe('REQUEST_INVALID threshold');
    expect(refusal(() => deal(secret, 2, 256, random))).toBe('REQUEST_INVALID n');
  });

  it('refuses commitments that are missing, malformed or promise a share of zero', () => {
    const c = nobleGroup.multiplyBase(randomScalar(random));
    const minus = requireNegative(c);
    expect(refusal(() => publicShare([], 1))).toBe('REQUEST_INVALID commitments');
    expect(refusal(() => publicShare([c, new Uint8Array(32)], 1))).toBe('REQUEST_INVALID commitments');
    expect(refusal(() => publicShare([c, minus], 1))).toBe('REQUEST_INVALID commitments');
    expect(refusal(() => verifyShare(nobleGroup, new Uint8Array(32), 1, [c]))).toBe('REQUEST_INVALID share');
  });
});

function requireNegative(point: Bytes): Bytes {
  return ristretto255.Point.fromBytes(point).negate().toBytes();
}
