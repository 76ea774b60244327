import { describe, expect, it } from '@jest/globals';
import { coreHpke, generateHpkeKeyPair, utf8, type RandomSource } from '@strongroom/protocol';
import { SystemRandom } from '@strongroom/platform';
import { nativeHpke } from './native-hpke.js';

const random = new SystemRandom();
const info = utf8('info');
const aad = utf8('aad');

describe('HPKE by node:crypto', () => {
  it.each([
    ['native', nativeHpke, 'core', coreHpke],
    ['core', coreHpke, 'native', nativeHpke],
    ['native', nativeHpke, 'native', nativeHpke],
  ] as const)('seals by %s what %3$s opens', async (_sealing, sealing, _opening, opening) => {
    const recipient = await generateHpkeKeyPair(random);
    for (const length of [0, 1, 64, 1000]) {
      const plaintext = random.bytes(length);
      const sealed = await sealing.seal(recipient.publicKey, plaintext, info, aad, random);
      expect(await opening.open(recipient, sealed, info, aad)).toEqual(plaintext);
      await expect(opening.open(recipient, sealed, aad, info)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });

  it('derives the ephemeral key from its randomness as @hpke/core does', async () => {
    const recipient = await generateHpkeKeyPair(random);
    const fixed: RandomSource = { bytes: (length) => new Uint8Array(length).fill(7) };
    const [ours, theirs] = await Promise.all(
      [nativeHpke, coreHpke].map((hpke) => hpke.seal(recipient.publicKey, utf8('text'), info, aad, fixed)),
    );
    expect(ours).toEqual(theirs);
  });

  it('refuses a recipient key of small order and one that is no key', async () => {
    for (const key of [new Uint8Array(32), new Uint8Array(31), new Uint8Array(32).fill(0xff)]) {
      await expect(nativeHpke.seal(key, aad, info, aad, random)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });
});
