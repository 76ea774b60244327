import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { coreHpke, toBase64url, utf8, type Bytes } from '@strongroom/protocol';
import { SystemRandom } from '@strongroom/platform';
import { AT_REST_OVERHEAD, type Keystore } from './keystore.js';

const info = utf8('info');
const aad = utf8('aad');
const plaintext = utf8('a share and its secret');

/** What every Keystore does, whatever holds the keys. */
export function behavesAsKeystore(open: () => Promise<Keystore>): void {
  describe('any keystore', () => {
    let keystore: Keystore;
    beforeEach(async () => {
      keystore = await open();
    });

    it('signs with its identity key', () => {
      const signature = keystore.sign(aad);
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(keystore.identityPublicKey) };
      expect(signature).toHaveLength(64);
      expect(verify(null, aad, createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true);
    });

    it('opens what others seal to its HPKE key, with exactly their info and aad', async () => {
      const sealed = await coreHpke.seal(keystore.hpkePublicKey, plaintext, info, aad, new SystemRandom());
      expect(await keystore.openSealed(sealed, info, aad)).toEqual(plaintext);
      const refused = { code: 'REQUEST_INVALID', metadata: { field: 'sealed' } };
      await expect(keystore.openSealed(sealed, aad, aad)).rejects.toMatchObject(refused);
      await expect(keystore.openSealed(sealed, info, info)).rejects.toMatchObject(refused);
      await expect(keystore.openSealed(sealed.subarray(0, 47), info, aad)).rejects.toMatchObject(refused);
      await expect(keystore.openSealed(new Uint8Array(80), info, aad)).rejects.toMatchObject(refused);
      for (const at of [0, 33, sealed.length - 1]) {
        await expect(keystore.openSealed(flipped(sealed, at), info, aad)).rejects.toMatchObject(refused);
      }
    });

    it('opens at rest what it sealed, and nothing that was changed', () => {
      const sealed = keystore.sealAtRest(aad, plaintext);
      expect(sealed).toHaveLength(plaintext.length + AT_REST_OVERHEAD);
      expect(keystore.openAtRest(aad, sealed)).toEqual(plaintext);
      expect(() => keystore.openAtRest(info, sealed)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
      for (let length = 0; length < sealed.length; length++) {
        expect(() => keystore.openAtRest(aad, sealed.subarray(0, length))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
      }
      for (let at = 0; at < sealed.length; at++) {
        expect(() => keystore.openAtRest(aad, flipped(sealed, at))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
      }
    });

    it('never seals the same bytes to the same bytes', () => {
      expect(keystore.sealAtRest(aad, plaintext)).not.toEqual(keystore.sealAtRest(aad, plaintext));
    });

    it('names a thing always alike and different things differently', () => {
      expect(keystore.nameAtRest(aad)).toEqual(keystore.nameAtRest(aad));
      expect(keystore.nameAtRest(aad)).not.toEqual(keystore.nameAtRest(info));
      expect(keystore.nameAtRest(aad)).toHaveLength(32);
    });

    it('shows nothing of its keys when it is printed', () => {
      expect(JSON.stringify(keystore.describe())).toBe('{"environment":"software","keystore":"sealed-file"}');
    });
  });
}

function flipped(bytes: Bytes, at: number): Bytes {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}
