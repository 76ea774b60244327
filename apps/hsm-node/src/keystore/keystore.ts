import type { Bytes } from '@strongroom/protocol';

/** What the enrolment statement says about where the keys live. Signed into the bundle, so it must be the plain truth. */
export interface KeystoreDescription {
  readonly environment: 'software' | 'hsm';
  readonly keystore: 'sealed-file' | 'pkcs11';
}

/**
 * The node's keys (PROTOCOL 3): an Ed25519 identity key, X25519 HPKE keys and the storage key. No private part ever
 * comes out. A port: the sealed file is one implementation, a PKCS#11 token another.
 */
export abstract class Keystore {
  /** 32 bytes, Ed25519 (RFC 8032). */
  abstract readonly identityPublicKey: Bytes;
  /** 32 bytes, X25519 (RFC 7748): the key that the newest enrolment statement names. */
  abstract readonly hpkePublicKey: Bytes;

  /** Ed25519 by the identity key over exactly `message`: 64 bytes. */
  abstract sign(message: Bytes): Bytes;

  /**
   * Opens what was sealed to one of this node's HPKE keys (RFC 9180 base mode, the suite of libs/protocol).
   * The plaintext is the caller's to wipe.
   * @throws REQUEST_INVALID naming `sealed` when it was not sealed to this node with exactly `info` and `aad`
   */
  abstract openSealed(sealed: Bytes, info: Bytes, aad: Bytes): Promise<Bytes>;

  /** Encrypts and authenticates with the storage key: `AT_REST_OVERHEAD` bytes longer than `plaintext`. */
  abstract sealAtRest(aad: Bytes, plaintext: Bytes): Bytes;

  /**
   * Undoes `sealAtRest` for the same `aad`.
   * @throws INTERNAL when a byte of either differs: the disk was changed or belongs to another node
   */
  abstract openAtRest(aad: Bytes, sealed: Bytes): Bytes;

  /** HMAC-SHA-256 under a key derived from the storage key, 32 bytes: names things on disk without telling what they are. */
  abstract nameAtRest(message: Bytes): Bytes;

  abstract describe(): KeystoreDescription;
}

/** Bytes that `sealAtRest` adds: session (16), counter (8), tag (16). */
export const AT_REST_OVERHEAD = 40;
