import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { exampleSigner } from '../example/example-bundle.js';
import { refuseEd25519Key, verifyEd25519 } from './ed25519.js';
import { refuseX25519Key } from './x25519.js';

const { Point } = ed25519;
const message = new TextEncoder().encode('a message');
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** A point of order eight, RFC 8032 encoding (from libsodium's list of small-order points). */
const TORSION = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
const P = 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';

function opensslVerifies(signature: Uint8Array, key: Uint8Array): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

/** S = r + H(R, A, M) a for a nonce point with a small-order part: correct up to the cofactor. */
function signatureWithTorsion(seed: Uint8Array): Uint8Array {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(seed);
  const nonce = 12_345n;
  const R = Point.BASE.multiply(nonce).add(TORSION).toBytes();
  const k = Point.Fn.create(little(sha512(Uint8Array.of(...R, ...pointBytes, ...message))));
  const S = Point.Fn.create(nonce + k * scalar);
  return Uint8Array.of(...R, ...Point.Fn.toBytes(S));
}

function little(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

describe('Ed25519', () => {
  const signer = exampleSigner(7);
  const good = signer.sign(message);

  it('verifies what was signed, and nothing after one flipped bit', () => {
    expect(verifyEd25519(good, message, signer.publicKey)).toBe(true);
    for (let bit = 0; bit < 512; bit += 7) {
      const bad = good.slice();
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyEd25519(bad, message, signer.publicKey)).toBe(false);
    }
    expect(verifyEd25519(good.subarray(1), message, signer.publicKey)).toBe(false);
    expect(verifyEd25519(good, message, signer.publicKey.subarray(1))).toBe(false);
  });

  it('judges a signature with a small-order part in R as OpenSSL does, where noble alone accepts it', () => {
    const seed = new Uint8Array(32).fill(7);
    const hostile = signatureWithTorsion(seed);
    expect(ed25519.verify(hostile, message, signer.publicKey, { zip215: false })).toBe(true);
    expect(opensslVerifies(hostile, signer.publicKey)).toBe(false);
    expect(verifyEd25519(hostile, message, signer.publicKey)).toBe(false);
  });

  it('refuses S + L, as OpenSSL does', () => {
    const S = little(good.subarray(32)) + Point.Fn.ORDER;
    const unreduced = Uint8Array.from({ length: 64 }, (_, i) => (i < 32 ? (good[i] ?? 0) : Number((S >> BigInt(8 * (i - 32))) & 255n)));
    expect(verifyEd25519(unreduced, message, signer.publicKey)).toBe(false);
    expect(opensslVerifies(unreduced, signer.publicKey)).toBe(false);
  });

  it('refuses keys that are not canonical, of small order or with a small-order part', () => {
    expect(refuseEd25519Key(signer.publicKey)).toBeUndefined();
    expect(refuseEd25519Key(hex(P))).toBe('is not a canonical point');
    expect(refuseEd25519Key(hex(`ee${P.slice(2)}`))).toBe('is not a canonical point');
    expect(refuseEd25519Key(new Uint8Array(32).fill(2))).toBe('is not a canonical point');
    for (let i = 0n; i < 8n; i++) {
      const small = i === 0n ? Point.ZERO : TORSION.multiplyUnsafe(i);
      expect(refuseEd25519Key(small.toBytes())).toBe('is of small order');
    }
    expect(refuseEd25519Key(Point.fromBytes(signer.publicKey).add(TORSION).toBytes())).toBe('is not torsion-free');
    expect(refuseEd25519Key(new Uint8Array(31))).toBe('does not have 32 bytes');
  });
});

describe('X25519', () => {
  it('accepts generated keys', () => {
    for (let seed = 1; seed < 20; seed++) {
      expect(refuseX25519Key(x25519.getPublicKey(new Uint8Array(32).fill(seed)))).toBeUndefined();
    }
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['one', `01${'00'.repeat(31)}`],
    ['order eight', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['order eight, the other', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
    ['p - 1', `ec${P.slice(2)}`],
    ['p', P],
    ['p + 1', `ee${P.slice(2)}`],
    ['a set top bit', `09${'00'.repeat(30)}80`],
    ['a point of the twist', `02${'00'.repeat(31)}`],
    ['31 bytes', '00'.repeat(31)],
  ])('refuses %s', (_, key) => {
    expect(refuseX25519Key(hex(key))).toBeDefined();
  });

  it('refuses a key with a small-order part', () => {
    const point = Point.fromBytes(exampleSigner(7).publicKey).add(TORSION);
    const { y } = point.toAffine();
    const u = Point.Fp.div(Point.Fp.add(Point.Fp.ONE, y), Point.Fp.sub(Point.Fp.ONE, y));
    expect(refuseX25519Key(Point.Fp.toBytes(u))).toBe('is not torsion-free');
  });
});
