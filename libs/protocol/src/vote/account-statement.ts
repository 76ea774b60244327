import { ByteReader } from '../encoding/byte-reader.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { readHead, writeHead, type StatementHead } from './statement-head.js';

export const ACCOUNT_STATUSES = ['none', 'active', 'pending', 'locked', 'deleted'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** One node's signed view of an account, answered to its owner (PROTOCOL 4.4). */
export interface AccountStatement extends StatementHead {
  readonly uid: Bytes;
  /** Highest index that the signer holds decided. */
  readonly index: number;
  /** Highest version ever used, tombstones and pending ones included: the next one is ver + 1. */
  readonly ver: number;
  /** The version that can be recovered now, 0 for none. */
  readonly activeVer: number;
  readonly status: AccountStatus;
  /** Hash of the record that can be recovered now, 32 bytes; zeros where there is none. */
  readonly recordHash: Bytes;
  readonly spent: number;
  readonly attempts: number;
  readonly lastOk: number;
  /** When a pending change takes effect, ms since 1970, 0 without one. */
  readonly pendingAtMs: number;
  /** Before this the growing delay refuses a new attempt, ms since 1970, 0 without one (PROTOCOL 6.9). */
  readonly retryAtMs: number;
  /** The asker's nonce, 32 bytes. */
  readonly nonce: Bytes;
}

export function encodeAccountStatement(statement: AccountStatement): Bytes {
  return writeHead('account', statement)
    .raw(statement.uid)
    .u32(statement.index)
    .u32(statement.ver)
    .u32(statement.activeVer)
    .u8(ACCOUNT_STATUSES.indexOf(statement.status))
    .raw(statement.recordHash)
    .u16(statement.spent)
    .u16(statement.attempts)
    .u32(statement.lastOk)
    .u64(statement.pendingAtMs)
    .u64(statement.retryAtMs)
    .raw(statement.nonce)
    .bytes();
}

/** Strict inverse of `encodeAccountStatement`. @throws REQUEST_INVALID naming the field */
export function parseAccountStatement(bytes: Bytes): AccountStatement {
  const reader = new ByteReader(bytes);
  const head = readHead('account', reader);
  const uid = reader.raw('uid', 32);
  const index = reader.u32('index');
  const ver = reader.u32('ver');
  const activeVer = reader.u32('activeVer');
  const status = ACCOUNT_STATUSES[reader.u8('status')];
  if (status === undefined) throw invalid('status', 'is unknown');
  const rest = {
    recordHash: reader.raw('recordHash', 32),
    spent: reader.u16('spent'),
    attempts: reader.u16('attempts'),
    lastOk: reader.u32('lastOk'),
    pendingAtMs: reader.u64('pendingAtMs'),
    retryAtMs: reader.u64('retryAtMs'),
    nonce: reader.raw('nonce', 32),
  };
  reader.end('account statement');
  return { ...head, uid, index, ver, activeVer, status, ...rest };
}
