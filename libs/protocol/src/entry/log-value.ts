import { sha256 } from '@noble/hashes/sha2.js';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { isGroupPoint, type PointCheck } from '../group/point.js';
import { encodeEntry, parseEntry, type Entry } from './entry.js';

/**
 * What one index of an account's log decides. Stamp and lastOk are the proposer's when it proposed, so that the
 * state after this index is a function of the log alone, whatever else a node has seen (PROTOCOL 4.4).
 */
export interface LogValue {
  /** Milliseconds since 1970, u64 up to 2^53 - 1. */
  readonly stampMs: number;
  /** Number of the last confirmed attempt that the proposer knew, u32, 0 for none. */
  readonly lastOk: number;
  readonly entry: Entry;
}

/** u64 stampMs || u32 lastOk || entry. */
export function encodeLogValue(value: LogValue): Bytes {
  return new ByteWriter().u64(value.stampMs).u32(value.lastOk).raw(encodeEntry(value.entry)).bytes();
}

/** Strict inverse of `encodeLogValue`. @throws REQUEST_INVALID naming the field */
export function parseLogValue(bytes: Bytes, check: PointCheck = isGroupPoint): LogValue {
  const reader = new ByteReader(bytes);
  const stampMs = reader.u64('stampMs');
  const lastOk = reader.u32('lastOk');
  return { stampMs, lastOk, entry: parseEntry(bytes.subarray(12), check) };
}

/** SHA-256(label "value" || encoded value), 32 bytes: what votes sign (PROTOCOL 4.6). */
export function logValueHash(encoded: Bytes): Bytes {
  return sha256(ByteWriter.labelled('value').raw(encoded).bytes());
}
