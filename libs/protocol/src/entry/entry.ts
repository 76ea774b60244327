import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { isGroupPoint, type PointCheck } from '../group/point.js';
import { SIGNATURE_LENGTH } from '../keys/signature.js';
import { mayHaveOwner, type EntryCore } from './entry-core.js';
import { encodeEntryCore, parseEntryCore } from './entry-core-codec.js';

export const TOKEN_MAX_LENGTH = 4096;

/** An entry with those who vouch for it (PROTOCOL 4.5). */
export interface Entry {
  readonly core: EntryCore;
  /** By `core.bindingKey`, 64 bytes: a copied token alone is refused. */
  readonly signature: Bytes;
  /** By the owner key of the living version, 64 bytes; registrations, deletions and cancellations only (PROTOCOL 5.3). */
  readonly ownerSignature: Bytes | null;
  /** Account token, a JWT in compact form, at most 4096 characters; empty where a node speaks (`reshare`). */
  readonly token: string;
}

/** lv(core) || signature 64 || u8 0, or u8 1 and the owner's signature 64 || lv(token). */
export function encodeEntry(entry: Entry): Bytes {
  const writer = new ByteWriter().lv(encodeEntryCore(entry.core)).raw(entry.signature);
  if (entry.ownerSignature === null) writer.u8(0);
  else writer.u8(1).raw(entry.ownerSignature);
  return writer.text(entry.token).bytes();
}

/**
 * Strict inverse of `encodeEntry`. Says nothing about the signatures and the token: verify them next.
 * @throws REQUEST_INVALID naming the field
 */
export function parseEntry(bytes: Bytes, check: PointCheck = isGroupPoint): Entry {
  const reader = new ByteReader(bytes);
  const encodedCore = reader.lv('core');
  const signature = reader.raw('signature', SIGNATURE_LENGTH);
  const flag = reader.u8('ownerSignature');
  if (flag > 1) throw invalid('ownerSignature', 'has an unknown flag');
  const ownerSignature = flag === 1 ? reader.raw('ownerSignature', SIGNATURE_LENGTH) : null;
  const token = reader.text('token');
  reader.end('entry');
  const core = parseEntryCore(encodedCore, check);
  requireToken(core, token);
  if (!mayHaveOwner(core) && ownerSignature !== null) throw invalid('ownerSignature', 'does not belong to this kind');
  return { core, signature, ownerSignature, token };
}

/** Shape only: three base64url parts, and nothing where a node speaks. The bound keeps a stranger from making nodes store or verify megabytes. */
function requireToken({ kind }: EntryCore, token: string): void {
  if (kind === 'reshare') {
    if (token !== '') throw invalid('token', 'does not belong to this kind');
    return;
  }
  if (token.length > TOKEN_MAX_LENGTH) throw invalid('token', 'is longer than 4096 characters');
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(token)) throw invalid('token', 'is not a compact JWT');
}
