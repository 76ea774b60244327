import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, equalSecret, utf8, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import type { KeyStretcher } from '../stretching/key-stretcher.js';

const NONCE_LENGTH = 32;
const HASH_LENGTH = 64;

/** CleartextCredentials of RFC 9807 section 4.1: what the envelope authenticates. Identities 1 to 65535 bytes. */
export interface EnvelopeIdentities {
  /** 32 bytes; here C_0, which outlives every resharing. */
  readonly serverPublicKey: Bytes;
  readonly serverIdentity: Bytes;
  readonly clientIdentity: Bytes;
}

export interface StoredEnvelope {
  /** nonce 32 || auth tag 64. */
  readonly envelope: Bytes;
  /** 64 bytes, secret. */
  readonly exportKey: Bytes;
}

/** randomized_password = Extract("", y || Stretch(y)) of RFC 9807 section 5.2.3, 64 bytes, secret. Wipes the stretched value. */
export async function randomizedPassword(oprfOutput: Bytes, stretcher: KeyStretcher): Promise<Bytes> {
  const stretched = await stretcher.stretch(oprfOutput);
  const material = concat(oprfOutput, stretched);
  const randomized = extract(sha512, material, new Uint8Array(0));
  for (const bytes of [stretched, material]) bytes.fill(0);
  return randomized;
}

/** Store of RFC 9807 section 4.1.2. Takes 32 random bytes as the envelope nonce. */
export function storeEnvelope(randomized: Bytes, identities: EnvelopeIdentities, random: RandomSource): StoredEnvelope {
  const nonce = random.bytes(NONCE_LENGTH);
  const envelope = concat(nonce, authTag(randomized, nonce, identities));
  return { envelope, exportKey: derive(randomized, nonce, 'ExportKey') };
}

/**
 * Recover of RFC 9807 section 4.1.3: the export key (64 bytes, secret), or undefined when the envelope does not open, that is
 * when the code is wrong. @throws REQUEST_INVALID when `envelope` is not 96 bytes
 */
export function recoverEnvelope(randomized: Bytes, identities: EnvelopeIdentities, envelope: Bytes): Bytes | undefined {
  const reader = new ByteReader(envelope);
  const nonce = reader.raw('envelope', NONCE_LENGTH);
  const tag = reader.raw('envelope', HASH_LENGTH);
  reader.end('envelope');
  if (!equalSecret(authTag(randomized, nonce, identities), tag)) return undefined;
  return derive(randomized, nonce, 'ExportKey');
}

function authTag(randomized: Bytes, nonce: Bytes, identities: EnvelopeIdentities): Bytes {
  const { serverPublicKey, serverIdentity, clientIdentity } = identities;
  const cleartext = new ByteWriter().raw(serverPublicKey).lv(serverIdentity).lv(clientIdentity).bytes();
  const authKey = derive(randomized, nonce, 'AuthKey');
  const tag = hmac(sha512, authKey, concat(nonce, cleartext));
  authKey.fill(0);
  return tag;
}

function derive(randomized: Bytes, nonce: Bytes, use: 'AuthKey' | 'ExportKey'): Bytes {
  return expand(sha512, randomized, concat(nonce, utf8(use)), HASH_LENGTH);
}
