import { ristretto255 } from '@noble/curves/ed25519.js';
import type { Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { invalid } from '../errors/protocol-error.js';
import type { ScalarGroup } from '../group/scalar-group.js';
import { numberToScalar, parseScalar } from '../group/scalar.js';
import { parseIndex, requireDistinct } from './threshold.js';

const { Fn } = ristretto255.Point;
const ONE = numberToScalar(1n);
const MINUS_ONE = numberToScalar(Fn.neg(1n));

/**
 * lambda_{i -> j} = prod_{m != i} (j - m) / (i - m) over the helpers m: what helper i's share counts for in the share of
 * `target` (PROTOCOL 7.7; Laing and Stinson, J. Math. Cryptology 12(1), 2018). Public. 32 bytes.
 * @param helpers exactly as many as the sharing's threshold: fewer would give another polynomial, and with it a helper's own share
 * @throws REQUEST_INVALID on a bad index, a helper twice, or a target among its helpers
 */
export function repairCoefficient(helpers: readonly number[], helper: number, target: number): Bytes {
  requireDistinct(helpers);
  parseIndex(target, 'target');
  if (!helpers.includes(helper)) throw invalid('helper', 'is not one of the helpers');
  if (helpers.includes(target)) throw invalid('target', 'is one of its helpers');
  const others = helpers.filter((index) => index !== helper);
  const top = others.reduce((all, index) => Fn.mul(all, Fn.create(BigInt(target - index))), 1n);
  const bottom = others.reduce((all, index) => Fn.mul(all, Fn.create(BigInt(helper - index))), 1n);
  return numberToScalar(Fn.mul(top, Fn.inv(bottom)));
}

/**
 * coefficient * share as `count` summands, all but the last uniformly random: any count - 1 of them say nothing. All go
 * through the port, so a node's constant-time group does the work. Secret, 32 bytes each, the caller's to wipe.
 * @throws REQUEST_INVALID on a bad scalar, fewer than two summands, or with a chance of 2^-250 on a sum of zero
 */
export function splitForRepair(
  group: ScalarGroup,
  share: Bytes,
  coefficient: Bytes,
  count: number,
  random: RandomSource,
): readonly Bytes[] {
  if (count < 2) throw invalid('count', 'is below two');
  parseScalar(share, 'share');
  const mask = drawScalar(group, random);
  const summands = Array.from({ length: count - 1 }, () => drawScalar(group, random));
  // The port has no subtraction: the mask goes in with the product and out again with the other summands.
  const masked = group.multiplyAdd(coefficient, share, mask);
  const rest = sumScalars(group, [mask, ...summands]);
  try {
    return [...summands, group.multiplyAdd(MINUS_ONE, rest, masked)];
  } finally {
    for (const secret of [mask, masked, rest]) secret.fill(0);
  }
}

/** Sum modulo L, 32 bytes, secret: what a helper hands on, and what gives the target its share. @throws as `splitForRepair` */
export function sumScalars(group: ScalarGroup, scalars: readonly Bytes[]): Bytes {
  const [first, ...others] = scalars;
  if (first === undefined) throw invalid('scalars', 'are missing');
  let sum: Bytes = parseScalar(first, 'scalars').slice();
  for (const scalar of others) {
    const next = group.multiplyAdd(ONE, parseScalar(scalar, 'scalars'), sum);
    sum.fill(0);
    sum = next;
  }
  return sum;
}

/** A uniform scalar by way of the port, 32 bytes, secret. Zero with a chance of 2^-252, which is refused. */
export function drawScalar(group: ScalarGroup, random: RandomSource): Bytes {
  const wide = random.bytes(64);
  try {
    return parseScalar(group.reduceWide(wide), 'random');
  } finally {
    wide.fill(0);
  }
}
