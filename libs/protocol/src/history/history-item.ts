import type { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { kindCode, kindOfCode } from '../entry/entry-core-codec.js';
import type { EntryKind } from '../entry/entry-core.js';
import { invalid } from '../errors/protocol-error.js';
import { SIGNATURE_LENGTH } from '../keys/signature.js';

/** What follows from the decision alone: every node that holds it says the same. */
export interface DecidedItem {
  readonly kind: EntryKind;
  /** `entryId`, 32 bytes. */
  readonly id: Bytes;
  readonly ver: number;
  /** Ed25519 key that asked for it, 32 bytes: of a device, or of a node where it is a reshare. */
  readonly bindingKey: Bytes;
  /** Whether the owner key signed it as well. */
  readonly byOwner: boolean;
  /** The proposer's clock, ms since 1970: the time that q nodes voted for. */
  readonly stampMs: number;
  /** `logValueHash` of what was voted for, 32 bytes. */
  readonly valueHash: Bytes;
  /** Confirm key of the version that an attempt was made against, 32 bytes; null for other kinds. */
  readonly confirmKey: Bytes | null;
}

/** One decided entry as one node tells its owner of it. Nothing in it is secret, and no token is in it. */
export interface HistoryItem extends DecidedItem {
  /** The node's own clock when it stored the decision, ms since 1970. */
  readonly seenAtMs: number;
  /** The confirmation of the attempt by its confirm key, 64 bytes; null where this node has none. */
  readonly confirmation: Bytes | null;
}

/** u8 kind || id || u32 ver || P || u8 byOwner || u64 stamp || H(value) || (u8 0, or u8 1 || confirm key 32). */
export function encodeDecidedItem(item: DecidedItem): Bytes {
  const writer = new ByteWriter().u8(kindCode(item.kind)).raw(item.id).u32(item.ver).raw(item.bindingKey);
  return optional(
    writer
      .u8(item.byOwner ? 1 : 0)
      .u64(item.stampMs)
      .raw(item.valueHash),
    item.confirmKey,
  ).bytes();
}

/** The decided part || u64 seenAt || (u8 0, or u8 1 || confirmation 64). */
export function encodeHistoryItem(item: HistoryItem): Bytes {
  return optional(new ByteWriter().raw(encodeDecidedItem(item)).u64(item.seenAtMs), item.confirmation).bytes();
}

/** Reads one item and leaves what follows it. @throws REQUEST_INVALID naming the field */
export function readHistoryItem(reader: ByteReader): HistoryItem {
  return {
    kind: kindOfCode(reader.u8('kind')),
    id: reader.raw('id', 32),
    ver: reader.u32('ver'),
    bindingKey: reader.raw('bindingKey', 32),
    byOwner: readFlag(reader, 'byOwner'),
    stampMs: reader.u64('stampMs'),
    valueHash: reader.raw('valueHash', 32),
    confirmKey: readFlag(reader, 'confirmKey') ? reader.raw('confirmKey', 32) : null,
    seenAtMs: reader.u64('seenAtMs'),
    confirmation: readFlag(reader, 'confirmation') ? reader.raw('confirmation', SIGNATURE_LENGTH) : null,
  };
}

/** One byte, 0 or 1, so that one value has one encoding. */
export function readFlag(reader: ByteReader, field: string): boolean {
  const flag = reader.u8(field);
  if (flag > 1) throw invalid(field, 'is neither there nor absent');
  return flag === 1;
}

function optional(writer: ByteWriter, bytes: Bytes | null): ByteWriter {
  return bytes === null ? writer.u8(0) : writer.u8(1).raw(bytes);
}
