import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodeSignatureMessage } from './signature-message.js';

/** plexi_core/tests/test-vectors.json at 0108f7d, the one of ciphersuite 1. */
const VECTOR = {
  signing_key: 'd6af1bca3db4fc2766b0c483706c20bf4837a46d54c1d39c2a34a9088572d712',
  verifying_key: '606a878700158d92b3a14a0fd37ec82e0f05f92fcf23146abfda2e3a2f10a9bc',
  namespace: 'log1.example.com',
  timestamp: 1_717_084_639_921,
  epoch: 1,
  digest: '1111111111111111111111111111111111111111111111111111111111111111',
  signature:
    '769d1ae73792dd8da1515793ba29f2f33f2fca84ba7386f9a01d8272e67c4379bdcfd91ea4fa49eafd8f243ac36fe3a7aae90ae92f1729c3c468ddf4e6d2a309',
};

describe('what Plexi signs', () => {
  it('has the bytes that the published vector was signed over', () => {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(VECTOR.signing_key, 'hex')]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')).toBe(VECTOR.verifying_key);
    const { namespace, timestamp: timestampMs, epoch } = VECTOR;
    const message = encodeSignatureMessage({ namespace, timestampMs, epoch, digest: Buffer.from(VECTOR.digest, 'hex') });
    expect(sign(null, message, key).toString('hex')).toBe(VECTOR.signature);
  });

  it('writes numbers beyond 32 bits whole', () => {
    const digest = new Uint8Array(0);
    const message = encodeSignatureMessage({ namespace: '', timestampMs: Number.MAX_SAFE_INTEGER, epoch: 300, digest });
    expect(Buffer.from(message).toString('hex')).toBe('0801120018ffffffffffffff0f220308ac022a00');
    expect(() => encodeSignatureMessage({ namespace: '', timestampMs: -1, epoch: 1, digest })).toThrow(RangeError);
  });
});
