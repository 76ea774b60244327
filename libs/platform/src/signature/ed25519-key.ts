import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { concat, fromHex, type Bytes } from '@strongroom/protocol';

/** The fixed DER prefixes of RFC 8410: what follows is the 32-byte key, so nothing needs to be parsed. */
const SPKI_PREFIX = fromHex('302a300506032b6570032100');
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

/** @param publicKey 32 bytes */
export function publicKeyObject(publicKey: Bytes): KeyObject {
  return createPublicKey({ key: Buffer.from(concat(SPKI_PREFIX, publicKey)), format: 'der', type: 'spki' });
}

/** @param seed 32 bytes of RFC 8032. The encoding made on the way is overwritten; OpenSSL keeps its own copy. */
export function privateKeyObject(seed: Bytes): KeyObject {
  const encoded = concat(PKCS8_PREFIX, seed);
  try {
    return createPrivateKey({ key: Buffer.from(encoded.buffer), format: 'der', type: 'pkcs8' });
  } finally {
    encoded.fill(0);
  }
}
