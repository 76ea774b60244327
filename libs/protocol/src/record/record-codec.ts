import { sha256 } from '@noble/hashes/sha2.js';
import { parseFleetId } from '../account/fleet-id.js';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { isGroupPoint, parsePoint, type PointCheck } from '../group/point.js';
import { parseVerifyingKey } from '../keys/verifying-key.js';
import { ENVELOPE_LENGTH, SUITE, WRAPPED_LENGTH, type VaultRecord } from './record.js';

/**
 * u8 suite || lv fleetId || uid 32 || u32 ver || u8 t || C 32 each || u8 n || S 32 each || envelope 96 || confirmPk 32 ||
 * ownerPk 32 || wrapped 60 || u64 notAfterMs.
 */
export function encodeRecord(record: VaultRecord): Bytes {
  const writer = new ByteWriter().u8(SUITE).text(record.fleetId).raw(record.uid).u32(record.ver);
  writer.u8(record.commitments.length);
  for (const commitment of record.commitments) writer.raw(commitment);
  writer.u8(record.secretDigests.length);
  for (const digest of record.secretDigests) writer.raw(digest);
  writer.raw(record.envelope).raw(record.confirmPk).raw(record.ownerPk).raw(record.wrapped);
  return writer.u64(record.notAfterMs).bytes();
}

/**
 * Strict inverse of `encodeRecord`: t > n/2, t <= n (PROTOCOL 1), canonical points and keys, nothing trailing.
 * Whether fleet, t and n are the reader's own is the reader's check. @throws REQUEST_INVALID naming the field
 */
export function parseRecord(bytes: Bytes, check: PointCheck = isGroupPoint): VaultRecord {
  const reader = new ByteReader(bytes);
  if (reader.u8('suite') !== SUITE) throw invalid('suite', 'is unknown');
  const fleetId = parseFleetId(reader.text('fleetId'));
  const uid = reader.raw('uid', 32);
  const ver = reader.u32('ver');
  if (ver === 0) throw invalid('ver', 'is zero');
  const encodedCommitments = list(reader, 'commitments');
  const secretDigests = list(reader, 'secretDigests');
  const t = encodedCommitments.length;
  if (t > secretDigests.length || 2 * t <= secretDigests.length) throw invalid('commitments', 'do not fit the number of nodes');
  const envelope = reader.raw('envelope', ENVELOPE_LENGTH);
  const confirmPk = parseVerifyingKey(reader.raw('confirmPk', 32), 'confirmPk');
  const ownerPk = parseVerifyingKey(reader.raw('ownerPk', 32), 'ownerPk');
  const wrapped = reader.raw('wrapped', WRAPPED_LENGTH);
  const notAfterMs = reader.u64('notAfterMs');
  reader.end('record');
  const commitments = encodedCommitments.map((point) => parsePoint(point, 'commitments', check));
  return { uid, ver, fleetId, commitments, secretDigests, envelope, confirmPk, ownerPk, wrapped, notAfterMs };
}

/** H(record) = SHA-256(label "record" || encoded record), 32 bytes. */
export function recordHash(record: VaultRecord): Bytes {
  return sha256(ByteWriter.labelled('record').raw(encodeRecord(record)).bytes());
}

function list(reader: ByteReader, field: string): readonly Bytes[] {
  return Array.from({ length: reader.u8(field) }, () => reader.raw(field, 32));
}
