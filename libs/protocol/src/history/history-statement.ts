import { ByteReader } from '../encoding/byte-reader.js';
import type { Bytes } from '../encoding/bytes.js';
import { readHead, writeHead, type StatementHead } from '../vote/statement-head.js';
import { readFlag } from './history-item.js';

/** One node's signed word on a page of an account's history, answered to its owner (PROTOCOL 4.7). */
export interface HistoryStatement extends StatementHead {
  readonly uid: Bytes;
  /** Highest index that the signer holds decided. */
  readonly index: number;
  /** Lowest index that the signer still tells of; index + 1 when it tells of none. */
  readonly from: number;
  /** Of the query: the page ends before this index, 0 for the newest page. */
  readonly before: number;
  /** Whether the signer holds a value for index + 1 that is not decided as far as it knows. */
  readonly open: boolean;
  /** `historyPageHash` of the page that travels with it, 32 bytes. */
  readonly pageHash: Bytes;
  /** The asker's nonce, 32 bytes. */
  readonly nonce: Bytes;
}

/** head("history") || uid || u32 index || u32 from || u32 before || u8 open || H(page) || nonce. */
export function encodeHistoryStatement(statement: HistoryStatement): Bytes {
  return writeHead('history', statement)
    .raw(statement.uid)
    .u32(statement.index)
    .u32(statement.from)
    .u32(statement.before)
    .u8(statement.open ? 1 : 0)
    .raw(statement.pageHash)
    .raw(statement.nonce)
    .bytes();
}

/** Strict inverse of `encodeHistoryStatement`. @throws REQUEST_INVALID naming the field */
export function parseHistoryStatement(bytes: Bytes): HistoryStatement {
  const reader = new ByteReader(bytes);
  const statement = {
    ...readHead('history', reader),
    uid: reader.raw('uid', 32),
    index: reader.u32('index'),
    from: reader.u32('from'),
    before: reader.u32('before'),
    open: readFlag(reader, 'open'),
    pageHash: reader.raw('pageHash', 32),
    nonce: reader.raw('nonce', 32),
  };
  reader.end('history statement');
  return statement;
}
