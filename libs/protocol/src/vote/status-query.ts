import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { parseVerifyingKey } from '../keys/verifying-key.js';

/** Asks nodes for their view of an account; signed by the key that the account token is bound to (PROTOCOL 4.5). */
export interface StatusQuery {
  readonly fleetId: string;
  readonly uid: Bytes;
  readonly bindingKey: Bytes;
  /** 32 fresh bytes that the answers repeat. */
  readonly nonce: Bytes;
  /** The asker's clock, ms since 1970: a node refuses queries older than five minutes. */
  readonly askedAtMs: number;
}

/** lv(label) || lv(fleetId) || uid || bindingKey || nonce || u64 askedAtMs: these bytes are what the binding key signs. */
export function encodeStatusQuery(query: StatusQuery): Bytes {
  const writer = ByteWriter.labelled('status-query').text(query.fleetId).raw(query.uid);
  return writer.raw(query.bindingKey).raw(query.nonce).u64(query.askedAtMs).bytes();
}

/** Strict inverse of `encodeStatusQuery`. @throws REQUEST_INVALID naming the field */
export function parseStatusQuery(bytes: Bytes): StatusQuery {
  const reader = new ByteReader(bytes);
  const query = {
    fleetId: reader.label('status-query').text('fleetId'),
    uid: reader.raw('uid', 32),
    bindingKey: parseVerifyingKey(reader.raw('bindingKey', 32), 'bindingKey'),
    nonce: reader.raw('nonce', 32),
    askedAtMs: reader.u64('askedAtMs'),
  };
  reader.end('status query');
  return query;
}
