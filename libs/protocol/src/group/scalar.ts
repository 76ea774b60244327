import { ristretto255 } from '@noble/curves/ed25519.js';
import { invalid } from '../errors/protocol-error.js';
import type { Bytes } from '../encoding/bytes.js';

export const SCALAR_LENGTH = 32;

const { Fn } = ristretto255.Point;
/** L - 1. */
const LARGEST = Fn.toBytes(Fn.neg(1n));

/** True for 32 bytes, little-endian, reduced modulo L and not zero. Does not branch on the value: it may be a share. */
export function isScalar(bytes: Bytes): boolean {
  if (bytes.length !== SCALAR_LENGTH) return false;
  let borrow = 0;
  let any = 0;
  for (let i = 0; i < SCALAR_LENGTH; i++) {
    const byte = bytes[i] ?? 0;
    any |= byte;
    borrow = (((LARGEST[i] ?? 0) - byte - borrow) >> 31) & 1;
  }
  return any !== 0 && borrow === 0;
}

/**
 * Accepts only a reduced scalar that is not zero (PROTOCOL 2). libsodium takes unreduced scalars without a word, so
 * nothing may be computed before this check. @throws REQUEST_INVALID naming `field`
 */
export function parseScalar(bytes: Bytes, field: string): Bytes {
  if (!isScalar(bytes)) throw invalid(field, 'is not a reduced, non-zero scalar of 32 bytes');
  return bytes;
}

/** Little-endian bytes of a scalar as a number modulo L. A BigInt cannot be wiped: client side and public scalars only. */
export function scalarToNumber(bytes: Bytes, field: string): bigint {
  return Fn.fromBytes(parseScalar(bytes, field));
}

/** 32 bytes little-endian of a number already reduced modulo L. */
export function numberToScalar(value: bigint): Bytes {
  return Fn.toBytes(value);
}
