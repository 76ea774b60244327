import { ristretto255 } from '@noble/curves/ed25519.js';
import { invalid } from '../errors/protocol-error.js';
import type { Bytes } from '../encoding/bytes.js';

export const SCALAR_LENGTH = 32;

const { Fn } = ristretto255.Point;
const ORDER_BYTES = Fn.toBytes(Fn.neg(1n)); // L - 1, the largest reduced scalar

/**
 * Accepts only 32 bytes, little-endian, reduced modulo L and not zero (PROTOCOL 2).
 * Compares without branching on single bytes, because the scalar may be a share.
 * libsodium takes unreduced scalars without a word, so nothing may be computed before this check.
 * @throws REQUEST_INVALID naming `field`
 */
export function parseScalar(bytes: Bytes, field: string): Bytes {
  if (bytes.length !== SCALAR_LENGTH) throw invalid(field, 'is not 32 bytes');
  let borrow = 0;
  let any = 0;
  for (let i = 0; i < SCALAR_LENGTH; i++) {
    const byte = bytes[i] ?? 0;
    any |= byte;
    borrow = ((ORDER_BYTES[i] ?? 0) - byte - borrow) >> 31 & 1;
  }
  if (any === 0) throw invalid(field, 'is zero');
  if (borrow !== 0) throw invalid(field, 'is not reduced');
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
