import { describe, expect, it } from '@jest/globals';
import { nobleSigner, nobleVerifier, utf8 } from '@strongroom/protocol';
import { NodeSignatureVerifier, nodeSigner, nodeVerifier } from './node-signature.js';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const message = utf8('strongroom');

describe('Ed25519 by node:crypto', () => {
  it('signs and derives the public key as the reference does', () => {
    const signer = nodeSigner(seed);
    expect(signer.publicKey).toEqual(nobleSigner(seed).publicKey);
    expect(signer.sign(message)).toEqual(nobleSigner(seed).sign(message));
    expect(Buffer.isBuffer(signer.publicKey) || Buffer.isBuffer(signer.sign(message))).toBe(false);
  });

  it('leaves the seed it was given alone and survives its wiping', () => {
    const mine = Uint8Array.from(seed);
    const signer = nodeSigner(mine);
    expect(mine).toEqual(seed);
    mine.fill(0);
    expect(nodeVerifier.verify(signer.publicKey, message, signer.sign(message))).toBe(true);
  });

  it('refuses another message, another key, a changed or short signature, twice alike', () => {
    const { publicKey, sign } = nodeSigner(seed);
    const other = nodeSigner(new Uint8Array(32).fill(9)).publicKey;
    const signature = sign(message);
    const changed = Uint8Array.from(signature, (byte, i) => (i === 3 ? byte ^ 1 : byte));
    for (let round = 0; round < 2; round++) {
      expect(nodeVerifier.verify(publicKey, message, signature)).toBe(true);
      expect(nodeVerifier.verify(publicKey, utf8('other'), signature)).toBe(false);
      expect(nodeVerifier.verify(other, message, signature)).toBe(false);
      expect(nodeVerifier.verify(publicKey, message, changed)).toBe(false);
      expect(nodeVerifier.verify(publicKey, message, signature.subarray(1))).toBe(false);
    }
  });

  it.each([
    ['small order', Uint8Array.of(1, ...new Uint8Array(31))],
    ['zero', new Uint8Array(32)],
    ['not canonical', new Uint8Array(32).fill(0xff)],
    ['not on the curve', Uint8Array.of(2, ...new Uint8Array(31))],
    ['short', new Uint8Array(31)],
    ['long', new Uint8Array(33)],
  ])('refuses a key that is %s, like the reference', (_, key) => {
    const signature = new Uint8Array(64);
    expect(nodeVerifier.verify(key, message, signature)).toBe(false);
    expect(nobleVerifier.verify(key, message, signature)).toBe(false);
  });

  it('refuses the everything-verifies signature under the identity key', () => {
    const identity = Uint8Array.of(1, ...new Uint8Array(31));
    const forged = Uint8Array.of(1, ...new Uint8Array(63));
    expect(new NodeSignatureVerifier().verify(identity, message, forged)).toBe(false);
  });
});
