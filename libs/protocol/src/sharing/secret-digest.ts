import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';

/**
 * S_i = SHA-256(label "secret-share" || lv(fleetId) || uid || u32 ver || u8 i || s_i), 32 bytes (PROTOCOL 5): public, and
 * names the node that hands out a wrong s_i. Hiding, because s_i is uniform over 2^252 values.
 */
export function secretShareDigest(fleetId: string, uid: Bytes, ver: number, index: number, secretShare: Bytes): Bytes {
  const head = ByteWriter.labelled('secret-share').text(fleetId).raw(uid).u32(ver).u8(index);
  return sha256(head.raw(secretShare).bytes());
}
