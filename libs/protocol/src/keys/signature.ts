import type { Bytes } from '../encoding/bytes.js';

export const SIGNATURE_LENGTH = 64;

/**
 * Ed25519 (RFC 8032) by the cofactorless equation: the encoding of S*B - k*A equals R byte for byte, S reduced.
 * Every implementation plugged in must use this one rule; with the cofactored one, two honest nodes could disagree about a crafted signature.
 */
export interface SignatureVerifier {
  /** False for anything malformed; never throws. `publicKey` 32 bytes, `signature` 64 bytes. */
  verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean;
}

/** Holds an Ed25519 private key: in memory, in a keystore or in a token. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Bytes;
  /** 64 bytes over the whole message; callers pass labelled messages only (PROTOCOL 2). */
  sign(message: Bytes): Bytes;
}
