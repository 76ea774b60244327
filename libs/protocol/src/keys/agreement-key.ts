import { equal, fromHex, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { belowFieldPrime } from './verifying-key.js';

/** Canonical u coordinates of the points of small order of curve25519 and its twist: any shared secret with them is zero. */
const SMALL_ORDER_U: readonly Bytes[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => fromHex(hex));

/**
 * An X25519 public key (RFC 7748): 32 bytes, canonical, not of small order. Checked when it arrives, so that nobody
 * spends an attempt on a key to which nothing can be sealed. @throws REQUEST_INVALID naming `field`
 */
export function parseAgreementKey(bytes: Bytes, field: string): Bytes {
  if (bytes.length !== 32) throw invalid(field, 'is not 32 bytes');
  if (!belowFieldPrime(bytes)) throw invalid(field, 'is not a canonical X25519 key');
  if (SMALL_ORDER_U.some((small) => equal(small, bytes))) throw invalid(field, 'is of small order');
  return bytes;
}
