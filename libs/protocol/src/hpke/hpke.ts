import type { Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';

export const ENCAPSULATED_LENGTH = 32;
/** Encapsulated key 32 and AES-GCM tag 16: what sealing adds to the plaintext. */
export const SEAL_OVERHEAD = ENCAPSULATED_LENGTH + 16;

/** X25519, 32 bytes each; the private key is secret and its holder wipes it. */
export interface HpkeKeyPair {
  readonly publicKey: Bytes;
  readonly privateKey: Bytes;
}

/**
 * RFC 9180 base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message per context. A port, because a node
 * plugs in the faster node:crypto. `sealed` = enc 32 || ciphertext || tag 16.
 */
export interface Hpke {
  /** Takes 32 random bytes for the ephemeral key. @throws REQUEST_INVALID on a bad public key */
  seal(recipientPublicKey: Bytes, plaintext: Bytes, info: Bytes, aad: Bytes, random: RandomSource): Promise<Bytes>;
  /** @throws REQUEST_INVALID naming `sealed` when it was not sealed to this key with this info and aad */
  open(recipient: HpkeKeyPair, sealed: Bytes, info: Bytes, aad: Bytes): Promise<Bytes>;
}
