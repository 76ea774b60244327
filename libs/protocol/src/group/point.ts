import { ristretto255 } from '@noble/curves/ed25519.js';
import { invalid } from '../errors/protocol-error.js';
import type { Bytes } from '../encoding/bytes.js';

export const POINT_LENGTH = 32;

/** A decoded ristretto255 element, for arithmetic on public points only. */
export type GroupPoint = InstanceType<typeof ristretto255.Point>;

/** True for the canonical 32-byte encoding (RFC 9496 section 4.3.1) of a point other than the identity. */
export type PointCheck = (bytes: Bytes) => boolean;

/** The decoded point, or undefined when the bytes are not a canonical point or are the identity. */
export function decodePoint(bytes: Bytes): GroupPoint | undefined {
  if (bytes.length !== POINT_LENGTH) return undefined;
  try {
    const point = ristretto255.Point.fromBytes(bytes);
    return point.is0() ? undefined : point;
  } catch {
    // noble reports a bad encoding by throwing; the caller names the field.
    return undefined;
  }
}

/** Reference check by noble (85 µs); a node passes libsodium's to the parsers instead. */
export const isGroupPoint: PointCheck = (bytes) => decodePoint(bytes) !== undefined;

/**
 * Accepts only the canonical encoding of a ristretto255 point that is not the identity (PROTOCOL 2).
 * Both noble and libsodium decode the identity, so it is refused here, before anything is computed.
 * @throws REQUEST_INVALID naming `field`
 */
export function parsePoint(bytes: Bytes, field: string, check: PointCheck = isGroupPoint): Bytes {
  if (bytes.length !== POINT_LENGTH) throw invalid(field, 'is not 32 bytes');
  if (bytes.every((byte) => byte === 0)) throw invalid(field, 'is the identity');
  if (!check(bytes)) throw invalid(field, 'is not a canonical point');
  return bytes;
}

/** The decoded form of `parsePoint`, for arithmetic. @throws REQUEST_INVALID naming `field` */
export function requirePoint(bytes: Bytes, field: string): GroupPoint {
  const point = decodePoint(parsePoint(bytes, field, () => true));
  if (point === undefined) throw invalid(field, 'is not a canonical point');
  return point;
}
