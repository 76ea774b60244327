import { sha256 } from '@noble/hashes/sha2.js';
import { attemptId } from '../attempt/attempt.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import type { EntryCore } from './entry-core.js';
import { encodeEntryCore } from './entry-core-codec.js';

/**
 * What makes two entries the same one, 32 bytes: the attemptId of an attempt, else SHA-256(label "entry-id" || core).
 * Token and signatures are not covered, so a retry with a refreshed token is the same entry (PROTOCOL 6.4).
 */
export function entryId(core: EntryCore): Bytes {
  if (core.kind === 'attempt') return attemptId(core);
  return sha256(ByteWriter.labelled('entry-id').raw(encodeEntryCore(core)).bytes());
}
