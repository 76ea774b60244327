import { ed25519 } from '@noble/curves/ed25519.js';

/** Whoever holds an Ed25519 key: a keystore, a sealed file, a test. The secret stays behind this port. */
export interface Ed25519Signer {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
  /** 64 bytes over exactly `message`. */
  sign(message: Uint8Array): Uint8Array;
}

/**
 * Accepts what RFC 8032 accepts without the cofactor, as node:crypto and WebCrypto do (TRANSPARENCY 4), so that one
 * note has one verdict everywhere. noble alone checks the cofactored equation: a signature whose R carries a
 * small-order part would pass there and fail in OpenSSL. For a torsion-free key a torsion-free R makes both equal.
 * False, never a throw, for wrong lengths and for keys that `refuseEd25519Key` refuses.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || refuseEd25519Key(publicKey) !== undefined) return false;
  if (!ed25519.verify(signature, message, publicKey, { zip215: false })) return false;
  return ed25519.Point.fromBytes(signature.subarray(0, 32)).isTorsionFree();
}

/** Why these 32 bytes may not be anybody's Ed25519 key (TRANSPARENCY 3, step 19), or `undefined` when they may. */
export function refuseEd25519Key(publicKey: Uint8Array): string | undefined {
  if (publicKey.length !== 32) return 'does not have 32 bytes';
  const point = pointOf(publicKey);
  if (!point) return 'is not a canonical point';
  if (point.isSmallOrder()) return 'is of small order';
  if (!point.isTorsionFree()) return 'is not torsion-free';
  return undefined;
}

function pointOf(bytes: Uint8Array): InstanceType<typeof ed25519.Point> | undefined {
  try {
    return ed25519.Point.fromBytes(bytes);
  } catch {
    // noble reports every undecodable point by throwing, and nothing else is thrown here.
    return undefined;
  }
}
