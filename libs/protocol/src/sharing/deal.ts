import { ristretto255 } from '@noble/curves/ed25519.js';
import type { Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { nobleGroup } from '../group/noble-group.js';
import { numberToScalar, parseScalar, scalarToNumber } from '../group/scalar.js';
import { requireThreshold } from './threshold.js';

const { Fn } = ristretto255.Point;

export interface Dealing {
  /** f(1) to f(n), 32 bytes each, secret: wipe them once sealed. */
  readonly shares: readonly Bytes[];
  /** C_0 to C_(t-1) with C_j = a_j G, 32 bytes each, public. */
  readonly commitments: readonly Bytes[];
}

/** A scalar from 64 fresh bytes: uniform, and zero with a chance of 2^-252, which is refused. 32 bytes. */
export function randomScalar(random: RandomSource): Bytes {
  return parseScalar(nobleGroup.reduceWide(random.bytes(64)), 'random');
}

/**
 * Shamir sharing of `secret` (32-byte scalar) among n nodes, any `threshold` of which combine, with Feldman commitments.
 * Runs on the client, which knows the secret anyway; the polynomial lives in BigInts that cannot be wiped.
 * @throws REQUEST_INVALID on a zero or unreduced secret or an impossible threshold
 */
export function deal(secret: Bytes, threshold: number, n: number, random: RandomSource): Dealing {
  const coefficients = polynomial(secret, threshold, n, random);
  const commitments = coefficients.map((coefficient) => ristretto255.Point.BASE.multiply(coefficient).toBytes());
  return { shares: evaluateAll(coefficients, n), commitments };
}

function polynomial(secret: Bytes, threshold: number, n: number, random: RandomSource): readonly bigint[] {
  requireThreshold(threshold, n);
  const rest = Array.from({ length: threshold - 1 }, () => Fn.fromBytes(randomScalar(random)));
  return [scalarToNumber(secret, 'secret'), ...rest];
}

function evaluateAll(coefficients: readonly bigint[], n: number): readonly Bytes[] {
  return Array.from({ length: n }, (_, i) => {
    const x = BigInt(i + 1);
    const value = coefficients.reduceRight((sum, coefficient) => Fn.add(Fn.mul(sum, x), coefficient), 0n);
    return numberToScalar(value);
  });
}
