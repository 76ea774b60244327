import { createCipheriv, createDecipheriv, createHmac, createPublicKey, createSecretKey, diffieHellman, type KeyObject } from 'node:crypto';
import {
  concat,
  ENCAPSULATED_LENGTH,
  fromHex,
  invalid,
  parseAgreementKey,
  SEAL_OVERHEAD,
  utf8,
  type Bytes,
  type Hpke,
  type RandomSource,
} from '@strongroom/protocol';
import { privateKeyOf, publicBytesOf } from './key-material.js';

const EMPTY = new Uint8Array(0);
const TAG_LENGTH = 16;
const KEM = concat(utf8('KEM'), Uint8Array.of(0, 0x20));
/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: RFC 9180 section 7. */
const SUITE = concat(utf8('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 2));
const PSK_ID_HASH = extract(EMPTY, SUITE, 'psk_id_hash', EMPTY);
const SPKI_X25519 = fromHex('302a300506032b656e032100');

/** A recipient's private key as node:crypto holds it, with its public half (32 bytes). */
export interface HpkeRecipient {
  readonly privateKey: KeyObject;
  readonly publicKey: Bytes;
}

/** As `Hpke.seal` of libs/protocol, at once and several times faster: RFC 9180 base mode by node:crypto. */
export function sealNow(recipientPublicKey: Bytes, plaintext: Bytes, info: Bytes, aad: Bytes, random: RandomSource): Bytes {
  parseAgreementKey(recipientPublicKey, 'recipientKey');
  const ephemeral = deriveEphemeral(random.bytes(32));
  const enc = publicBytesOf(ephemeral);
  const { key, nonce } = schedule(sharedSecret(ephemeral, recipientPublicKey, enc, recipientPublicKey), info);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG_LENGTH });
  key.fill(0);
  cipher.setAAD(aad);
  const body = cipher.update(plaintext);
  cipher.final();
  return concat(enc, body, cipher.getAuthTag());
}

/**
 * As `Hpke.open` of libs/protocol, at once. The plaintext is the caller's to wipe.
 * @throws REQUEST_INVALID naming `sealed` when it was not sealed to this key with this info and aad
 */
export function openNow(recipient: HpkeRecipient, sealed: Bytes, info: Bytes, aad: Bytes): Bytes {
  if (sealed.length < SEAL_OVERHEAD) throw invalid('sealed', 'is cut short');
  const enc = parseAgreementKey(sealed.subarray(0, ENCAPSULATED_LENGTH), 'sealed');
  const tagAt = sealed.length - TAG_LENGTH;
  const { key, nonce } = schedule(sharedSecret(recipient.privateKey, enc, enc, recipient.publicKey), info);
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG_LENGTH });
  key.fill(0);
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(tagAt));
  const plaintext = decipher.update(sealed.subarray(ENCAPSULATED_LENGTH, tagAt));
  try {
    decipher.final();
  } catch {
    // The cause says only that the tag differs, and what was decrypted so far is not the sender's.
    plaintext.fill(0);
    throw invalid('sealed', 'does not open');
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
}

/** The port of libs/protocol over these functions: key objects are made per call. */
export const nativeHpke: Hpke = {
  seal: (...args) => Promise.resolve().then(() => sealNow(...args)),
  open: ({ privateKey, publicKey }, ...rest) =>
    Promise.resolve().then(() => openNow({ privateKey: privateKeyOf('x25519', privateKey), publicKey }, ...rest)),
};

/** RFC 9180 section 7.1.3. Wipes `ikm`. */
function deriveEphemeral(ikm: Bytes): KeyObject {
  const prk = extract(EMPTY, KEM, 'dkp_prk', ikm);
  const secret = expand(prk, KEM, 'sk', EMPTY, 32);
  ikm.fill(0);
  prk.fill(0);
  try {
    return privateKeyOf('x25519', secret);
  } finally {
    secret.fill(0);
  }
}

/** RFC 9180 section 4.1: the secret of Encap and Decap. */
function sharedSecret(privateKey: KeyObject, peer: Bytes, enc: Bytes, recipient: Bytes): Bytes {
  const publicKey = createPublicKey({ key: Buffer.from(concat(SPKI_X25519, peer)), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey, publicKey });
  const prk = extract(EMPTY, KEM, 'eae_prk', shared);
  shared.fill(0);
  try {
    return expand(prk, KEM, 'shared_secret', concat(enc, recipient), 32);
  } finally {
    prk.fill(0);
  }
}

/** RFC 9180 section 5.1, base mode. Wipes `shared`; the caller wipes `key`. */
function schedule(shared: Bytes, info: Bytes): { readonly key: Bytes; readonly nonce: Bytes } {
  const context = concat(Uint8Array.of(0), PSK_ID_HASH, extract(EMPTY, SUITE, 'info_hash', info));
  const secret = extract(shared, SUITE, 'secret', EMPTY);
  shared.fill(0);
  try {
    return { key: expand(secret, SUITE, 'key', context, 32), nonce: expand(secret, SUITE, 'base_nonce', context, 12) };
  } finally {
    secret.fill(0);
  }
}

/** Through a KeyObject: node:crypto takes raw bytes as a key four times slower. */
function extract(salt: Bytes, suite: Bytes, label: string, ikm: Bytes): Bytes {
  return createHmac('sha256', createSecretKey(salt)).update('HPKE-v1').update(suite).update(label).update(ikm).digest();
}

/** At most 32 bytes: one block of HKDF-Expand. */
function expand(prk: Bytes, suite: Bytes, label: string, info: Bytes, length: number): Bytes {
  const hmac = createHmac('sha256', createSecretKey(prk)).update(Uint8Array.of(0, length)).update('HPKE-v1').update(suite).update(label);
  return hmac.update(info).update(Uint8Array.of(1)).digest().subarray(0, length);
}
