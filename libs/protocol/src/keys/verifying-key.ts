import { ed25519 } from '@noble/curves/ed25519.js';
import { equal, fromHex, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';

/** The y coordinates of the eight points of small order (RFC 7748 section 6.1 has their Montgomery form). */
const SMALL_ORDER_Y: readonly Bytes[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => fromHex(hex));

/**
 * 32 bytes, canonical y, not of small order: by comparison alone, so it costs nothing on the hot path.
 * Whether the key lies on the curve shows when a signature by it is verified.
 */
export function hasVerifyingKeyForm(bytes: Bytes): boolean {
  if (bytes.length !== 32) return false;
  const y = Uint8Array.from(bytes);
  y[31] = (y[31] ?? 0) & 0x7f;
  return belowFieldPrime(y) && !SMALL_ORDER_Y.some((small) => equal(small, y));
}

/** An Ed25519 key that comes with its signature: binding, owner and confirm keys. @throws REQUEST_INVALID naming `field` */
export function parseVerifyingKey(bytes: Bytes, field: string): Bytes {
  if (!hasVerifyingKeyForm(bytes)) throw invalid(field, 'is not a canonical Ed25519 key');
  return bytes;
}

/**
 * A key that others rely on for a whole epoch (node identities, bundle signers): also on the curve and in the
 * prime-order subgroup. About 1 ms, once per key. @throws REQUEST_INVALID naming `field`
 */
export function parseIdentityKey(bytes: Bytes, field: string): Bytes {
  parseVerifyingKey(bytes, field);
  if (!isPrimeOrderPoint(bytes)) throw invalid(field, 'is not a point of the prime-order group');
  return bytes;
}

function isPrimeOrderPoint(bytes: Bytes): boolean {
  try {
    return ed25519.Point.fromBytes(bytes).isTorsionFree();
  } catch {
    // noble reports a key that is not on the curve by throwing.
    return false;
  }
}

/** True when 32 little-endian bytes are below 2^255 - 19, which is ed ff .. ff 7f. */
export function belowFieldPrime(bytes: Bytes): boolean {
  const top = bytes[31] ?? 0xff;
  if (top !== 0x7f) return top < 0x7f;
  return bytes.subarray(1, 31).some((byte) => byte !== 0xff) || (bytes[0] ?? 0xff) < 0xed;
}
