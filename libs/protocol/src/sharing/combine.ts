import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ristretto255 } from '@noble/curves/ed25519.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { requirePoint, type GroupPoint } from '../group/point.js';
import { numberToScalar, scalarToNumber } from '../group/scalar.js';
import { requireDistinct } from './threshold.js';

const { Point } = ristretto255;
const { Fn } = Point;

export interface IndexedPoint {
  readonly index: number;
  /** 32 bytes. */
  readonly point: Bytes;
}

export interface IndexedScalar {
  readonly index: number;
  /** 32 bytes. */
  readonly scalar: Bytes;
}

/** Lagrange coefficients at 0 as exact fractions: lambda_i = numerators[i] / denominator, in the order of the indices. */
export interface LagrangeCoefficients {
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
}

/**
 * lambda_i = prod_{j != i} j / (j - i) over one common denominator. Small integers instead of 253-bit scalars: points are
 * combined by a few doublings, and the one inversion is folded into a single multiplication.
 * @throws REQUEST_INVALID on an index that is out of range or occurs twice
 */
export function lagrangeCoefficients(indices: readonly number[]): LagrangeCoefficients {
  requireDistinct(indices);
  const fractions = indices.map((i) => {
    const others = indices.filter((j) => j !== i);
    return { top: product(others), bottom: product(others.map((j) => j - i)) };
  });
  const denominator = fractions.reduce((common, { bottom }) => leastCommonMultiple(common, magnitude(bottom)), 1n);
  return { numerators: fractions.map(({ top, bottom }) => top * (denominator / bottom)), denominator };
}

/**
 * sum lambda_i P_i, 32 bytes. Public points only: variable time. Gives the right point from t or more shares of one dealing.
 * @throws REQUEST_INVALID on a bad point or index, or when the sum is the identity
 */
export function combinePoints(shares: readonly IndexedPoint[]): Bytes {
  const { sum, denominator } = weightedSum(shares);
  const combined = sum.multiplyUnsafe(Fn.inv(Fn.create(denominator)));
  if (combined.is0()) throw invalid('point', 'combines to the identity');
  return combined.toBytes();
}

/** sum lambda_i P_i == expected (PROTOCOL 6: the public shares against C_0), without the inversion. @throws as `combinePoints` */
export function combinesTo(shares: readonly IndexedPoint[], expected: Bytes): boolean {
  const { sum, denominator } = weightedSum(shares);
  return requirePoint(expected, 'expected').multiplyUnsafe(Fn.create(denominator)).equals(sum);
}

/** sum lambda_i s_i modulo L, 32 bytes, secret. Client side only: BigInts. @throws REQUEST_INVALID on a bad scalar or index */
export function combineScalars(shares: readonly IndexedScalar[]): Bytes {
  const { numerators, denominator } = lagrangeCoefficients(shares.map(({ index }) => index));
  const sum = shares.reduce((total, { scalar }, i) => {
    return Fn.add(total, Fn.mul(Fn.create(numerators[i] ?? 0n), scalarToNumber(scalar, 'scalar')));
  }, 0n);
  return numberToScalar(Fn.mul(sum, Fn.inv(Fn.create(denominator))));
}

function weightedSum(shares: readonly IndexedPoint[]): { readonly sum: GroupPoint; readonly denominator: bigint } {
  const { numerators, denominator } = lagrangeCoefficients(shares.map(({ index }) => index));
  const points = shares.map(({ point }, i) => {
    const decoded = requirePoint(point, 'point');
    return (numerators[i] ?? 0n) < 0n ? decoded.negate() : decoded;
  });
  // Reduced: with indices far apart (above about 50 nodes) a numerator can outgrow L.
  const weights = numerators.map((numerator) => Fn.create(magnitude(numerator)));
  return { sum: mulAddUnsafe(Point, points, weights), denominator };
}

function product(factors: readonly number[]): bigint {
  return factors.reduce((result, factor) => result * BigInt(factor), 1n);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
