import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, utf8 } from '../encoding/bytes.js';
import { refusalOf } from '../vectors/refusal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { readVectors } from '../vectors/vectors.js';
import { generateHpkeKeyPair, openWith, sealTo } from './core-hpke.js';
import { SEAL_OVERHEAD } from './hpke.js';

interface KeyCases {
  readonly cases: readonly { readonly name: string; readonly hex: string }[];
}

const random = seededRandom('hpke');
const recipient = await generateHpkeKeyPair(random);
const stranger = await generateHpkeKeyPair(random);
const [plaintext, info, aad] = [utf8('plaintext'), utf8('info'), utf8('aad')];
const sealed = await sealTo(recipient.publicKey, plaintext, info, aad, random);

describe('HPKE', () => {
  it('opens what was sealed, whatever the lengths', async () => {
    const bytes = fc.uint8Array({ maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, async (message, withInfo, withAad) => {
        const out = await sealTo(recipient.publicKey, message, withInfo, withAad, random);
        expect(out).toHaveLength(message.length + SEAL_OVERHEAD);
        expect(await openWith(recipient, out, withInfo, withAad)).toEqual(Uint8Array.from(message));
      }),
      { numRuns: 20 },
    );
  });

  it('replays from its seed, and never seals alike twice', async () => {
    const seal = (): Promise<Uint8Array> => sealTo(recipient.publicKey, plaintext, info, aad, seededRandom('replay'));
    expect(await seal()).toEqual(await seal());
    expect(await sealTo(recipient.publicKey, plaintext, info, aad, random)).not.toEqual(sealed);
    expect(await generateHpkeKeyPair(seededRandom('k'))).toEqual(await generateHpkeKeyPair(seededRandom('k')));
  });

  it('opens for no other key, info or aad, and with no byte changed', async () => {
    expect(await refusalOf(openWith(stranger, sealed, info, aad))).toBe('REQUEST_INVALID sealed');
    expect(await refusalOf(openWith(recipient, sealed, aad, aad))).toBe('REQUEST_INVALID sealed');
    expect(await refusalOf(openWith(recipient, sealed, info, info))).toBe('REQUEST_INVALID sealed');
    for (let i = 0; i < sealed.length; i++) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(await refusalOf(openWith(recipient, changed, info, aad))).toBe('REQUEST_INVALID sealed');
    }
  });

  it('refuses every truncation', async () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(await refusalOf(openWith(recipient, sealed.subarray(0, length), info, aad))).toBe('REQUEST_INVALID sealed');
    }
  });

  it.each(readVectors<KeyCases>('invalid/x25519-keys.json').cases)('refuses the key: $name $hex', async ({ hex }) => {
    expect(await refusalOf(sealTo(fromHex(hex), plaintext, info, aad, random))).toBe('REQUEST_INVALID recipientKey');
    const forged = Uint8Array.from([...fromHex(hex), ...sealed.subarray(32)]);
    expect(await refusalOf(openWith(recipient, forged, info, aad))).toBe('REQUEST_INVALID sealed');
  });
});
