import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal, type Bytes } from '../encoding/bytes.js';
import { hasVerifyingKeyForm } from './verifying-key.js';
import { SIGNATURE_LENGTH, type Signer, type SignatureVerifier } from './signature.js';

const { Point } = ed25519;

/**
 * Reference verifier for clients and tests. noble's own `verify` checks the cofactored equation, also with
 * `zip215: false`, while OpenSSL and libsodium check the cofactorless one; so the equation is written out here.
 */
export const nobleVerifier: SignatureVerifier = {
  verify(publicKey, message, signature) {
    if (signature.length !== SIGNATURE_LENGTH || !hasVerifyingKeyForm(publicKey)) return false;
    const encodedR = signature.subarray(0, 32);
    const s = bytesToNumberLE(signature.subarray(32));
    if (s >= Point.Fn.ORDER) return false;
    const k = Point.Fn.create(bytesToNumberLE(sha512(concat(encodedR, publicKey, message))));
    try {
      // -A before the multiplication: L - k would be wrong for a key with a torsion component.
      const minusA = Point.fromBytes(publicKey).negate();
      return equal(mulAddUnsafe(Point, [Point.BASE, minusA], [s, k]).toBytes(), encodedR);
    } catch {
      // noble reports a key that is not on the curve by throwing.
      return false;
    }
  },
};

/** Signer over a 32-byte RFC 8032 seed, for clients and tests; keeps its own copy of the seed for its lifetime. */
export function nobleSigner(seed: Bytes): Signer {
  const secret = Uint8Array.from(seed);
  return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
}
