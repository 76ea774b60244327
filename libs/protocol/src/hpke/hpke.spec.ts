import { describe, expect, it } from '@jest/globals';
import { gcm } from '@noble/ciphers/aes.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { concat, fromHex, toHex, utf8, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { refusalOf } from '../vectors/refusal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { readVectors } from '../vectors/vectors.js';
import { generateHpkeKeyPair, openWith, sealTo } from './core-hpke.js';
import { SEAL_OVERHEAD } from './hpke.js';

interface KeyCases {
  readonly cases: readonly { readonly name: string; readonly hex: string }[];
}

/** As RFC 9180 names them, hexadecimal. */
type HpkeVector = Readonly<
  Record<'info' | 'ikmR' | 'ikmE' | 'skRm' | 'pkRm' | 'pkEm' | 'sharedSecret' | 'key' | 'baseNonce' | 'aad' | 'plaintext', string>
>;

/** RFC 9180 7.3: identifier and length of the key. */
const AES_128_GCM = { id: 1, keyLength: 16 } as const;
const AES_256_GCM = { id: 2, keyLength: 32 } as const;

/** RFC 9180 5.1 in base mode, written down once more from its text. */
function keySchedule(sharedSecret: Bytes, withInfo: Bytes, aead: { readonly id: number; readonly keyLength: number }): Schedule {
  const none = new Uint8Array(0);
  const suite = concat(utf8('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, aead.id));
  const labelledExtract = (salt: Bytes, label: string, ikm: Bytes): Bytes =>
    extract(sha256, concat(utf8('HPKE-v1'), suite, utf8(label), ikm), salt);
  const labelledExpand = (prk: Bytes, label: string, context: Bytes, length: number): Bytes =>
    expand(sha256, prk, concat(Uint8Array.of(0, length), utf8('HPKE-v1'), suite, utf8(label), context), length);
  const context = concat(Uint8Array.of(0), labelledExtract(none, 'psk_id_hash', none), labelledExtract(none, 'info_hash', withInfo));
  const secret = labelledExtract(sharedSecret, 'secret', none);
  return { key: labelledExpand(secret, 'key', context, aead.keyLength), nonce: labelledExpand(secret, 'base_nonce', context, 12) };
}

interface Schedule {
  readonly key: Bytes;
  readonly nonce: Bytes;
}

/** Randomness that is these bytes. */
function given(hex: string): RandomSource {
  return { bytes: (length) => (length === hex.length / 2 ? fromHex(hex) : new Uint8Array(0)) };
}

const random = seededRandom('hpke');
const recipient = await generateHpkeKeyPair(random);
const stranger = await generateHpkeKeyPair(random);
const [plaintext, info, aad] = [utf8('plaintext'), utf8('info'), utf8('aad')];
const sealed = await sealTo(recipient.publicKey, plaintext, info, aad, random);

describe('HPKE', () => {
  it('has the keys and the shared secret of RFC 9180, and seals under the key that follows for AES-256-GCM', async () => {
    const { ikmE, ikmR, pkEm, pkRm, skRm, ...vector } = readVectors<HpkeVector>('valid/hpke.json');
    const [sharedSecret, withInfo, withAad] = [fromHex(vector.sharedSecret), fromHex(vector.info), fromHex(vector.aad)];
    const published = keySchedule(sharedSecret, withInfo, AES_128_GCM);
    expect([toHex(published.key), toHex(published.nonce)]).toEqual([vector.key, vector.baseNonce]);
    const pair = await generateHpkeKeyPair(given(ikmR));
    expect([toHex(pair.privateKey), toHex(pair.publicKey)]).toEqual([skRm, pkRm]);
    const out = await sealTo(pair.publicKey, fromHex(vector.plaintext), withInfo, withAad, given(ikmE));
    expect(toHex(out.subarray(0, 32))).toBe(pkEm);
    const { key, nonce } = keySchedule(sharedSecret, withInfo, AES_256_GCM);
    expect(toHex(gcm(key, nonce, withAad).decrypt(out.subarray(32)))).toBe(vector.plaintext);
    expect(toHex(await openWith(pair, out, withInfo, withAad))).toBe(vector.plaintext);
  });

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
