import { createPublicKey, sign as nodeSign, verify as nodeVerify, createPrivateKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { concat, fromHex, toBase64url, toHex, type Bytes } from '../encoding/bytes.js';
import { refusal } from '../vectors/refusal.js';
import { deviceSigner } from '../vectors/samples.js';
import { readVectors } from '../vectors/vectors.js';
import { parseAgreementKey } from './agreement-key.js';
import { confirmSeed, keyEncryptionKey } from './key-schedule.js';
import { nobleSigner, nobleVerifier } from './noble-signature.js';
import { hasVerifyingKeyForm, parseIdentityKey, parseVerifyingKey } from './verifying-key.js';

interface KeyCases {
  readonly cases: readonly { readonly name: string; readonly hex: string; readonly refusedBy?: string }[];
}

interface SignatureCases extends KeyCases {
  readonly publicKey: string;
  readonly message: string;
  readonly validSignature: string;
}

const signatures = readVectors<SignatureCases>('invalid/signatures.json');
const ed25519Cases = readVectors<KeyCases>('invalid/ed25519-keys.json').cases;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

function openSslVerify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) }, format: 'jwk' });
  return nodeVerify(null, message, key, signature);
}

describe('Ed25519 keys', () => {
  it('accepts an honest key in both parsers', () => {
    expect(parseVerifyingKey(deviceSigner.publicKey, 'key')).toEqual(deviceSigner.publicKey);
    expect(parseIdentityKey(deviceSigner.publicKey, 'key')).toEqual(deviceSigner.publicKey);
  });

  it.each(ed25519Cases)('refuses as an identity: $name $hex', ({ hex, refusedBy }) => {
    expect(refusal(() => parseIdentityKey(fromHex(hex), 'key'))).toBe('REQUEST_INVALID key');
    expect(hasVerifyingKeyForm(fromHex(hex))).toBe(refusedBy === 'curve');
  });

  it.each(readVectors<KeyCases>('invalid/x25519-keys.json').cases)('refuses the X25519 key: $name $hex', ({ hex }) => {
    expect(refusal(() => parseAgreementKey(fromHex(hex), 'E'))).toBe('REQUEST_INVALID E');
  });
});

describe('Ed25519 signatures', () => {
  it.each(signatures.cases)('refuses $name', ({ hex }) => {
    expect(nobleVerifier.verify(fromHex(signatures.publicKey), fromHex(signatures.message), fromHex(hex))).toBe(false);
  });

  it('judges a signature with torsion in R as OpenSSL does, where the cofactored rule differs', () => {
    const [publicKey, message] = [fromHex(signatures.publicKey), fromHex(signatures.message)];
    const torsion = fromHex(signatures.cases[0]?.hex ?? '');
    expect(ed25519.verify(torsion, message, publicKey)).toBe(true);
    expect(openSslVerify(publicKey, message, torsion)).toBe(false);
    expect(nobleVerifier.verify(publicKey, message, torsion)).toBe(false);
    expect(nobleVerifier.verify(publicKey, message, fromHex(signatures.validSignature))).toBe(true);
  });

  it('signs what OpenSSL verifies and verifies what OpenSSL signs', () => {
    const seed = new Uint8Array(32).fill(9);
    const signer = nobleSigner(seed);
    const pkcs8 = concat(fromHex('302e020100300506032b657004220420'), seed);
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        expect(openSslVerify(signer.publicKey, message, signer.sign(message))).toBe(true);
        expect(nobleVerifier.verify(signer.publicKey, message, nodeSign(null, message, key))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a signature with any one bit flipped', () => {
    const [publicKey, message] = [fromHex(signatures.publicKey), fromHex(signatures.message)];
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = fromHex(signatures.validSignature);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(nobleVerifier.verify(publicKey, message, flipped)).toBe(false);
    }
  });

  it('refuses a key of small order, under which anyone can sign anything', () => {
    const identity = fromHex('01' + '00'.repeat(31));
    const forged = concat(ed25519.Point.BASE.toBytes(), identity);
    expect(ed25519.verify(forged, Uint8Array.of(1), identity, { zip215: true })).toBe(true);
    expect(nobleVerifier.verify(identity, Uint8Array.of(1), forged)).toBe(false);
  });

  it('answers false, never an exception, for a key that is not on the curve', () => {
    const off = ed25519Cases.find(({ name }) => name === 'not on the curve')?.hex ?? '';
    expect(nobleVerifier.verify(fromHex(off), new Uint8Array(0), fromHex(signatures.validSignature))).toBe(false);
  });

  it('keeps its own copy of the seed', () => {
    const seed = new Uint8Array(32).fill(3);
    const signer = nobleSigner(seed);
    seed.fill(0);
    expect(nobleVerifier.verify(signer.publicKey, Uint8Array.of(1), signer.sign(Uint8Array.of(1)))).toBe(true);
  });
});

describe('key schedule', () => {
  it('needs both the export key and s for the KEK', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), bytes32, bytes32, (exportKey, s, other) => {
        fc.pre(toHex(s) !== toHex(other));
        expect(keyEncryptionKey(exportKey, s)).not.toEqual(keyEncryptionKey(exportKey, other));
        expect(keyEncryptionKey(exportKey, s)).not.toEqual(confirmSeed(exportKey));
      }),
      { numRuns: 20 },
    );
  });
});
