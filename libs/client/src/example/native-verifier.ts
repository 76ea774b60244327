import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { toBase64url, toHex, type SignatureVerifier } from '@strongroom/protocol';

const keys = new Map<string, KeyObject>();

/** Specs only: OpenSSL, for speed; its rule for Ed25519 is the portable verifier's. */
export const nativeVerifier: SignatureVerifier = {
  verify(publicKey, message, signature) {
    const name = toHex(publicKey);
    const key = keys.get(name) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) }, format: 'jwk' });
    keys.set(name, key);
    return verify(null, message, key, signature);
  },
};
