import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { toHex, utf8 } from '@strongroom/protocol';
import { encodeKeyMaterial, newKeyMaterial, parseKeyMaterial, wipeKeyMaterial } from './key-material.js';
import { behavesAsKeystore } from './keystore.suite.js';
import { SoftwareKeystore } from './software-keystore.js';

const random = new SystemRandom();

describe('a keystore in memory', () => {
  behavesAsKeystore(() => Promise.resolve(new SoftwareKeystore(newKeyMaterial(random), random, 'sealed-file')));

  it('works on when the material it was made from is wiped', () => {
    const material = newKeyMaterial(random);
    const before = new SoftwareKeystore(material, random, 'sealed-file');
    const after = new SoftwareKeystore(parseKeyMaterial(encodeKeyMaterial(material)), random, 'sealed-file');
    wipeKeyMaterial(material);
    const sealed = before.sealAtRest(utf8('aad'), utf8('text'));
    expect(after.openAtRest(utf8('aad'), sealed)).toEqual(utf8('text'));
    expect(after.identityPublicKey).toEqual(before.identityPublicKey);
    expect(after.hpkePublicKey).toEqual(before.hpkePublicKey);
    expect(after.nameAtRest(utf8('x'))).toEqual(before.nameAtRest(utf8('x')));
  });

  it('prints no key', () => {
    const material = newKeyMaterial(random);
    const printed = inspect(new SoftwareKeystore(material, random, 'sealed-file'), { depth: 9, showHidden: true });
    for (const secret of [material.identitySeed, material.storageKey, ...material.hpke.map(({ secret }) => secret)]) {
      expect(printed).not.toContain(toHex(secret));
      expect(printed).not.toContain([...secret.subarray(0, 4)].join(', '));
    }
  });

  it('refuses key material that is cut short or too long', () => {
    const encoded = encodeKeyMaterial(newKeyMaterial(random));
    expect(() => parseKeyMaterial(encoded.subarray(1))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(() => parseKeyMaterial(Uint8Array.of(...encoded, 0))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});
