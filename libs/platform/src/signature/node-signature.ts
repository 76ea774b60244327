import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { hasVerifyingKeyForm, SIGNATURE_LENGTH, type Bytes, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import { BoundedCache } from '../cache/bounded-cache.js';
import { privateKeyObject, publicKeyObject } from './ed25519-key.js';

/** Making a key object costs a third of a verification; the keys of a fleet come again and again, accounts' keys too. */
const KEPT_KEYS = 4096;

/**
 * OpenSSL's Ed25519: cofactorless, S reduced, R compared as bytes, which is the rule that libs/protocol asks for.
 * The form of the key is checked here, so that the answer does not hang on what a version of OpenSSL makes of it.
 */
export class NodeSignatureVerifier implements SignatureVerifier {
  private readonly keys = new BoundedCache<string, KeyObject>(KEPT_KEYS);

  verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
    if (signature.length !== SIGNATURE_LENGTH) return false;
    const key = this.keyObject(publicKey);
    return key !== undefined && verify(null, message, key, signature);
  }

  private keyObject(publicKey: Bytes): KeyObject | undefined {
    const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.byteLength).toString('latin1');
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    if (!hasVerifyingKeyForm(publicKey)) return undefined;
    const made = publicKeyObject(publicKey);
    this.keys.set(name, made);
    return made;
  }
}

export const nodeVerifier: SignatureVerifier = new NodeSignatureVerifier();

/**
 * Signer over a 32-byte RFC 8032 seed. The seed is copied into OpenSSL, where it lives as long as the signer;
 * whoever passes it wipes its own copy.
 */
export function nodeSigner(seed: Bytes): Signer {
  const key = privateKeyObject(seed);
  const encoded = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(encoded.subarray(-32)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}
