import { equal, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { requirePoint, type GroupPoint } from '../group/point.js';
import type { ScalarGroup } from '../group/scalar-group.js';
import { parseScalar } from '../group/scalar.js';
import { parseIndex } from './threshold.js';

/**
 * pk_i = sum i^j C_j, 32 bytes: the public key of node i's share.
 * @throws REQUEST_INVALID on bad commitments, or when they give a node the share zero
 */
export function publicShare(commitments: readonly Bytes[], index: number): Bytes {
  const x = BigInt(parseIndex(index));
  const points = commitments.map((bytes) => requirePoint(bytes, 'commitments'));
  // Horner with a multiplier under 256; every input is public.
  const value = points.reduceRight<GroupPoint | undefined>(
    (sum, point) => (sum === undefined ? point : sum.multiplyUnsafe(x).add(point)),
    undefined,
  );
  if (value === undefined) throw invalid('commitments', 'are missing');
  if (value.is0()) throw invalid('commitments', 'give a share of zero');
  return value.toBytes();
}

/**
 * k_i G == sum i^j C_j (PROTOCOL 5): the share is the one that the commitments promise to node `index`.
 * @throws REQUEST_INVALID on malformed commitments and on a zero or unreduced share
 */
export function verifyShare(group: ScalarGroup, share: Bytes, index: number, commitments: readonly Bytes[]): boolean {
  const expected = publicShare(commitments, index);
  return equal(group.multiplyBase(parseScalar(share, 'share')), expected);
}
