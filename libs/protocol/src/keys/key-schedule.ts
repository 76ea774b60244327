import { hkdf } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, type Bytes } from '../encoding/bytes.js';

/** Seed of the confirm key: HKDF-SHA-512(export_key, label "confirm"), 32 bytes, secret, never stored (PROTOCOL 5). */
export function confirmSeed(exportKey: Bytes): Bytes {
  return hkdf(sha512, exportKey, undefined, ByteWriter.labelled('confirm').bytes(), 32);
}

/**
 * KEK = HKDF-SHA-512(export_key || s, label "kek"), 32 bytes, secret. It takes s, so that the right code alone opens nothing
 * until the attempt is confirmed. Wipes its own copy of the input.
 */
export function keyEncryptionKey(exportKey: Bytes, secret: Bytes): Bytes {
  const material = concat(exportKey, secret);
  const kek = hkdf(sha512, material, undefined, ByteWriter.labelled('kek').bytes(), 32);
  material.fill(0);
  return kek;
}
