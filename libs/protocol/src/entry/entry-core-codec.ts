import { parseFleetId } from '../account/fleet-id.js';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { isGroupPoint, parsePoint, type PointCheck } from '../group/point.js';
import { parseAgreementKey } from '../keys/agreement-key.js';
import { SIGNATURE_LENGTH } from '../keys/signature.js';
import { parseVerifyingKey } from '../keys/verifying-key.js';
import { ENTRY_NONCE_LENGTH, type EntryCore, type EntryKind, type ReshareCore } from './entry-core.js';

const KIND_CODES = { attempt: 1, register: 2, delete: 3, cancel: 4, reshare: 5 } as const satisfies Record<EntryKind, number>;

/**
 * u8 kind || lv fleetId || uid 32 || u32 ver || bindingKey 32 || nonce 16 || (attempt: B 32 || E 32, register: recordHash 32 || confirmKey 32 || ownerKey 32,
 * reshare: u32 epoch || u32 index || before 32 || beforeSharing 32 || recordHash 32 || u8 n || n times signature 64).
 */
export function encodeEntryCore(core: EntryCore): Bytes {
  const head = new ByteWriter().u8(KIND_CODES[core.kind]).text(core.fleetId).raw(core.uid).u32(core.ver);
  head.raw(core.bindingKey).raw(core.nonce);
  if (core.kind === 'attempt') head.raw(core.blinded).raw(core.ephemeralKey);
  if (core.kind === 'register') head.raw(core.recordHash).raw(core.confirmKey).raw(core.ownerKey);
  if (core.kind === 'reshare') writeReshare(head, core);
  return head.bytes();
}

/**
 * Strict inverse of `encodeEntryCore`: nothing missing, trailing or non-canonical.
 * `check` decides about B; a node passes its native check, which is several times faster.
 * @throws REQUEST_INVALID naming the field
 */
export function parseEntryCore(bytes: Bytes, check: PointCheck = isGroupPoint): EntryCore {
  const reader = new ByteReader(bytes);
  const code = reader.u8('kind');
  const fleetId = parseFleetId(reader.text('fleetId'));
  const uid = reader.raw('uid', 32);
  const ver = reader.u32('ver');
  const bindingKey = parseVerifyingKey(reader.raw('bindingKey', 32), 'bindingKey');
  const nonce = reader.raw('nonce', ENTRY_NONCE_LENGTH);
  if (ver === 0) throw invalid('ver', 'is zero');
  const core = withKind(code, { fleetId, uid, ver, bindingKey, nonce }, reader, check);
  reader.end('entry');
  return core;
}

type Head = Pick<EntryCore, 'fleetId' | 'uid' | 'ver' | 'bindingKey' | 'nonce'>;

function withKind(code: number, head: Head, reader: ByteReader, check: PointCheck): EntryCore {
  switch (code) {
    case KIND_CODES.attempt: {
      const blinded = parsePoint(reader.raw('blinded', 32), 'blinded', check);
      const ephemeralKey = parseAgreementKey(reader.raw('ephemeralKey', 32), 'ephemeralKey');
      return { kind: 'attempt', ...head, blinded, ephemeralKey };
    }
    case KIND_CODES.register: {
      const recordHash = reader.raw('recordHash', 32);
      const confirmKey = parseVerifyingKey(reader.raw('confirmKey', 32), 'confirmKey');
      const ownerKey = parseVerifyingKey(reader.raw('ownerKey', 32), 'ownerKey');
      return { kind: 'register', ...head, recordHash, confirmKey, ownerKey };
    }
    case KIND_CODES.delete:
      return { kind: 'delete', ...head };
    case KIND_CODES.cancel:
      return { kind: 'cancel', ...head };
    case KIND_CODES.reshare:
      return readReshare(head, reader);
    default:
      throw invalid('kind', 'is unknown');
  }
}

function writeReshare(writer: ByteWriter, { epoch, index, before, beforeSharing, recordHash, held }: ReshareCore): void {
  writer.u32(epoch).u32(index).raw(before).raw(beforeSharing).raw(recordHash).u8(held.length);
  for (const signature of held) writer.raw(signature);
}

function readReshare(head: Head, reader: ByteReader): ReshareCore {
  const epoch = reader.u32('epoch');
  const index = reader.u32('index');
  if (epoch === 0) throw invalid('epoch', 'is zero');
  if (index === 0) throw invalid('index', 'is zero');
  const [before, beforeSharing, recordHash] = [reader.raw('before', 32), reader.raw('beforeSharing', 32), reader.raw('recordHash', 32)];
  const held = Array.from({ length: reader.u8('held') }, () => reader.raw('held', SIGNATURE_LENGTH));
  return { kind: 'reshare', ...head, epoch, index, before, beforeSharing, recordHash, held };
}

/** u8 by which an entry's kind is known in every encoding (PROTOCOL 2). */
export function kindCode(kind: EntryKind): number {
  return KIND_CODES[kind];
}

/** Every kind of entry. */
export const ENTRY_KINDS: readonly EntryKind[] = Object.keys(KIND_CODES).filter((text): text is EntryKind => text in KIND_CODES);

/** @throws REQUEST_INVALID for a code of no kind */
export function kindOfCode(code: number): EntryKind {
  const kind = ENTRY_KINDS.find((known) => KIND_CODES[known] === code);
  if (kind === undefined) throw invalid('kind', 'is unknown');
  return kind;
}
