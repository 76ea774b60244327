import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { parseVerifyingKey } from '../keys/verifying-key.js';
import type { StatusQuery } from '../vote/status-query.js';

/** Asks nodes for a page of an account's history; signed by the key that the account token is bound to (PROTOCOL 4.5, 4.7). */
export interface HistoryQuery extends StatusQuery {
  /** The page ends before this index; 0 for the newest page. */
  readonly before: number;
}

/** lv(label) || lv(fleetId) || uid || bindingKey || nonce || u64 askedAtMs || u32 before: these bytes are what the binding key signs. */
export function encodeHistoryQuery(query: HistoryQuery): Bytes {
  const writer = ByteWriter.labelled('history-query').text(query.fleetId).raw(query.uid);
  return writer.raw(query.bindingKey).raw(query.nonce).u64(query.askedAtMs).u32(query.before).bytes();
}

/** Strict inverse of `encodeHistoryQuery`. @throws REQUEST_INVALID naming the field */
export function parseHistoryQuery(bytes: Bytes): HistoryQuery {
  const reader = new ByteReader(bytes);
  const query = {
    fleetId: reader.label('history-query').text('fleetId'),
    uid: reader.raw('uid', 32),
    bindingKey: parseVerifyingKey(reader.raw('bindingKey', 32), 'bindingKey'),
    nonce: reader.raw('nonce', 32),
    askedAtMs: reader.u64('askedAtMs'),
    before: reader.u32('before'),
  };
  reader.end('history query');
  return query;
}
