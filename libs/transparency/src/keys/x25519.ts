import { ed25519 } from '@noble/curves/ed25519.js';
import { refuseEd25519Key } from './ed25519.js';

const Fp = ed25519.Point.Fp;

/**
 * Why these 32 bytes may not be a member's X25519 key (TRANSPARENCY 3, step 19), or `undefined` when they may.
 * The u-coordinate is carried to the Edwards curve by y = (u - 1)/(u + 1) (RFC 7748 4.1) and judged there, so points
 * of the twist, of small order and with a small-order part are all refused: no honest key generation makes them.
 */
export function refuseX25519Key(publicKey: Uint8Array): string | undefined {
  if (publicKey.length !== 32) return 'does not have 32 bytes';
  const u = publicKey.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
  if (u >= Fp.ORDER) return 'is not canonical';
  const denominator = Fp.add(u, Fp.ONE);
  if (Fp.is0(denominator)) return 'is on the twist';
  return refuseEd25519Key(Fp.toBytes(Fp.div(Fp.sub(u, Fp.ONE), denominator)));
}
