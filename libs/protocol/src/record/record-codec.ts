import { sha256 } from '@noble/hashes/sha2.js';
import { parseFleetId } from '../account/fleet-id.js';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { isGroupPoint, parsePoint, type PointCheck } from '../group/point.js';
import { parseVerifyingKey } from '../keys/verifying-key.js';
import { ENVELOPE_LENGTH, SUITE, WRAPPED_LENGTH, type VaultRecord } from './record.js';

/** What of a record every refresh keeps, and what each makes anew. */
type RecordBase = Omit<VaultRecord, 'commitments' | 'secretCommitments'>;
type Sharing = Pick<VaultRecord, 'commitments' | 'secretCommitments'>;

/**
 * base || sharing. base = u8 suite || lv fleetId || uid 32 || u32 ver || C_0 32 || D_0 32 || envelope 96 || confirmPk 32 ||
 * ownerPk 32 || wrapped 60 || u64 notAfterMs; sharing = u8 t || C_1.. 32 each || D_1.. 32 each.
 */
export function encodeRecord(record: VaultRecord): Bytes {
  return concat(encodeBase(record), encodeSharing(record));
}

/**
 * Strict inverse of `encodeRecord`: t from 2, canonical points and keys, nothing trailing.
 * Whether fleet and t are the reader's own is the reader's check. @throws REQUEST_INVALID naming the field
 */
export function parseRecord(bytes: Bytes, check: PointCheck = isGroupPoint): VaultRecord {
  const reader = new ByteReader(bytes);
  if (reader.u8('suite') !== SUITE) throw invalid('suite', 'is unknown');
  const fleetId = parseFleetId(reader.text('fleetId'));
  const uid = reader.raw('uid', 32);
  const ver = reader.u32('ver');
  if (ver === 0) throw invalid('ver', 'is zero');
  const groupKey = reader.raw('commitments', 32);
  const secretKey = reader.raw('secretCommitments', 32);
  const base = parseKeys(reader, { fleetId, uid, ver });
  const t = reader.u8('commitments');
  if (t < 2) throw invalid('commitments', 'are fewer than two');
  const rest = points(reader, 'commitments', t - 1);
  const secretRest = points(reader, 'secretCommitments', t - 1);
  reader.end('record');
  const commitments = [groupKey, ...rest].map((point) => parsePoint(point, 'commitments', check));
  const secretCommitments = [secretKey, ...secretRest].map((point) => parsePoint(point, 'secretCommitments', check));
  return { ...base, commitments, secretCommitments };
}

/**
 * H(record) = SHA-256(label "record" || base || sharingHash), 32 bytes. Of two parts, so that whoever holds the record
 * after a refresh can show that it is the one that was voted for before: base and the earlier sharing's hash give that hash.
 * @param sharing of another generation of the same record; its own unless given
 */
export function recordHash(record: VaultRecord, sharing: Bytes = sharingHash(record)): Bytes {
  return sha256(ByteWriter.labelled('record').raw(encodeBase(record)).raw(sharing).bytes());
}

/** SHA-256(label "sharing" || sharing), 32 bytes. */
export function sharingHash(sharing: Sharing): Bytes {
  return sha256(ByteWriter.labelled('sharing').raw(encodeSharing(sharing)).bytes());
}

function encodeBase(record: VaultRecord): Bytes {
  const [groupKey, secretKey] = [record.commitments[0], record.secretCommitments[0]];
  if (groupKey === undefined || secretKey === undefined) throw invalid('commitments', 'are missing');
  const writer = new ByteWriter().u8(SUITE).text(record.fleetId).raw(record.uid).u32(record.ver).raw(groupKey).raw(secretKey);
  return writer.raw(record.envelope).raw(record.confirmPk).raw(record.ownerPk).raw(record.wrapped).u64(record.notAfterMs).bytes();
}

function encodeSharing({ commitments, secretCommitments }: Sharing): Bytes {
  if (commitments.length !== secretCommitments.length) throw invalid('secretCommitments', 'are not as many as the commitments');
  const writer = new ByteWriter().u8(commitments.length);
  for (const point of [...commitments.slice(1), ...secretCommitments.slice(1)]) writer.raw(point);
  return writer.bytes();
}

function parseKeys(reader: ByteReader, head: Pick<RecordBase, 'fleetId' | 'uid' | 'ver'>): RecordBase {
  const envelope = reader.raw('envelope', ENVELOPE_LENGTH);
  const confirmPk = parseVerifyingKey(reader.raw('confirmPk', 32), 'confirmPk');
  const ownerPk = parseVerifyingKey(reader.raw('ownerPk', 32), 'ownerPk');
  const wrapped = reader.raw('wrapped', WRAPPED_LENGTH);
  return { ...head, envelope, confirmPk, ownerPk, wrapped, notAfterMs: reader.u64('notAfterMs') };
}

function points(reader: ByteReader, field: string, count: number): readonly Bytes[] {
  return Array.from({ length: count }, () => reader.raw(field, 32));
}
