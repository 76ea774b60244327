import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';

/** What a client asks for in one recovery attempt (PROTOCOL 6). */
export interface AttemptRequest {
  readonly fleetId: string;
  /** Account id, 32 bytes. */
  readonly uid: Bytes;
  /** Version of the record, u32 from 1. */
  readonly ver: number;
  /** B = r H1(x), a ristretto255 point, 32 bytes. */
  readonly blinded: Bytes;
  /** E: one-time X25519 key to which the secret shares are sealed, 32 bytes. */
  readonly ephemeralKey: Bytes;
  /** P: the Ed25519 key that the account token is bound to, 32 bytes. */
  readonly bindingKey: Bytes;
  /** 16 fresh bytes. */
  readonly nonce: Bytes;
}

/** attemptId = SHA-256(label "attempt" || lv(fleetId) || uid || u32 ver || B || E || P || nonce), 32 bytes (PROTOCOL 6). */
export function attemptId(request: AttemptRequest): Bytes {
  const { fleetId, uid, ver, blinded, ephemeralKey, bindingKey, nonce } = request;
  const statement = ByteWriter.labelled('attempt').text(fleetId).raw(uid).u32(ver);
  return sha256(statement.raw(blinded).raw(ephemeralKey).raw(bindingKey).raw(nonce).bytes());
}
