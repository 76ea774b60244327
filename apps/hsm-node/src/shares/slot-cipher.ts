import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { ByteWriter, concat, VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * nonce (12) || AES-256-GCM || tag (16) under a slot's key, which seals a handful of messages in its life, so random
 * nonces are safe.
 */
export function sealWithSlot(key: Bytes, aad: Bytes, plaintext: Bytes, random: RandomSource): Bytes {
  const nonce = random.bytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(aad);
  const body = cipher.update(plaintext);
  cipher.final();
  return concat(nonce, body, cipher.getAuthTag());
}

/** The plaintext, the caller's to wipe. @throws INTERNAL when it was not sealed with this key for this place */
export function openWithSlot(key: Bytes, aad: Bytes, sealed: Bytes): Bytes {
  const tagAt = Math.max(sealed.length - TAG_LENGTH, NONCE_LENGTH);
  const nonce = sealed.subarray(0, NONCE_LENGTH);
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(tagAt));
  const plaintext = decipher.update(sealed.subarray(NONCE_LENGTH, tagAt));
  try {
    decipher.final();
  } catch (cause) {
    plaintext.fill(0);
    throw new VaultError('INTERNAL', 'a share does not open with the key of its slot', {}, { cause });
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
}

/** What binds a ciphertext to its version and its use. */
export function heldContext(use: string, uid: Bytes, recordHash: Bytes): Bytes {
  return ByteWriter.labelled(`held-${use}`).raw(uid).raw(recordHash).bytes();
}
