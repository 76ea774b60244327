import { ristretto255 } from '@noble/curves/ed25519.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { invalid } from '../errors/protocol-error.js';
import { requirePoint, type GroupPoint } from '../group/point.js';
import type { ScalarGroup } from '../group/scalar-group.js';
import { numberToScalar, parseScalar } from '../group/scalar.js';
import { parseIndex, requireThreshold } from './threshold.js';
import { drawScalar } from './repair.js';

/** A sharing of zero: added to a sharing of any secret it gives another sharing of the same secret. */
export interface ZeroDealing {
  /** d(1) to d(n), 32 bytes each, secret: wipe them once sealed. */
  readonly deltas: readonly Bytes[];
  /** E_1 to E_(t-1) with E_j = d_j G, 32 bytes each, public. There is no E_0: the constant is zero by construction. */
  readonly commitments: readonly Bytes[];
}

/**
 * Proactive refresh (Herzberg, Jarecki, Krawczyk, Yung, CRYPTO 1995): d(X) = d_1 X + .. of degree t-1 with Feldman
 * commitments (FOCS 1987). All arithmetic goes through the port: what a node deals is as secret as its share.
 */
export function dealZero(group: ScalarGroup, threshold: number, n: number, random: RandomSource): ZeroDealing {
  requireThreshold(threshold, n);
  if (threshold < 2) throw invalid('threshold', 'is below two');
  const coefficients = Array.from({ length: threshold - 1 }, () => drawScalar(group, random));
  try {
    const commitments = coefficients.map((coefficient) => group.multiplyBase(coefficient));
    return { deltas: Array.from({ length: n }, (_, i) => valueAt(group, coefficients, i + 1)), commitments };
  } finally {
    for (const coefficient of coefficients) coefficient.fill(0);
  }
}

/**
 * d(i) G == sum i^j E_j over j from 1: the summand is the one that the dealer promised to node `index`, and it changes the
 * secret by nothing. @throws REQUEST_INVALID on malformed input
 */
export function verifyDelta(group: ScalarGroup, delta: Bytes, index: number, commitments: readonly Bytes[]): boolean {
  const x = BigInt(parseIndex(index));
  const points = commitments.map((bytes) => requirePoint(bytes, 'commitments'));
  const value = points.reduceRight<GroupPoint>((sum, point) => sum.add(point).multiplyUnsafe(x), ristretto255.Point.ZERO);
  return equal(group.multiplyBase(parseScalar(delta, 'delta')), value.toBytes());
}

/**
 * The commitments after the refresh: C_0 is kept, to each C_j the dealers' E_j are added. 32 bytes each.
 * @throws REQUEST_INVALID when a dealer commits to another degree, or a sum is the identity
 */
export function refreshedCommitments(commitments: readonly Bytes[], dealings: readonly (readonly Bytes[])[]): readonly Bytes[] {
  if (dealings.some(({ length }) => length !== commitments.length - 1)) throw invalid('commitments', 'are of another degree');
  return commitments.map((commitment, j) => {
    if (j === 0) return commitment;
    const added = dealings.map((dealing) => requirePoint(dealing[j - 1] ?? new Uint8Array(0), 'commitments'));
    const sum = added.reduce((total, point) => total.add(point), requirePoint(commitment, 'commitments'));
    if (sum.is0()) throw invalid('commitments', 'add up to the identity');
    return sum.toBytes();
  });
}

/** x (d_1 + x (d_2 + ..)), 32 bytes, secret. The port multiplies and adds in one step and takes no zero: x v = (x - 1) v + v. */
function valueAt(group: ScalarGroup, coefficients: readonly Bytes[], index: number): Bytes {
  const [highest, ...lower] = [...coefficients].reverse();
  if (highest === undefined) throw invalid('threshold', 'is below two');
  let value: Bytes = highest.slice();
  const replace = (next: Bytes): void => {
    value.fill(0);
    value = next;
  };
  for (const coefficient of lower) replace(group.multiplyAdd(value, numberToScalar(BigInt(index)), coefficient));
  if (index > 1) replace(group.multiplyAdd(value, numberToScalar(BigInt(index - 1)), value));
  return parseScalar(value, 'random');
}
