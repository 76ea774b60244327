import { readBallot, writeBallot, type Ballot } from '../ballot/ballot.js';
import { ByteReader } from '../encoding/byte-reader.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { readHead, writeHead, type StatementHead } from './statement-head.js';

/** A promise to accept nothing below `ballot` at an index, with what was accepted there so far (PROTOCOL 4.2). */
export interface BallotPromise extends StatementHead {
  readonly uid: Bytes;
  readonly index: number;
  readonly ballot: Ballot;
  /** The highest ballot accepted at this index and the hash of its value, or null. */
  readonly accepted: { readonly ballot: Ballot; readonly valueHash: Bytes } | null;
}

/** head("promise") || uid || u32 index || ballot || u8 0, or u8 1 || accepted ballot || valueHash. */
export function encodePromise(promise: BallotPromise): Bytes {
  const writer = writeBallot(writeHead('promise', promise).raw(promise.uid).u32(promise.index), promise.ballot);
  if (promise.accepted === null) return writer.u8(0).bytes();
  return writeBallot(writer.u8(1), promise.accepted.ballot).raw(promise.accepted.valueHash).bytes();
}

/** Strict inverse of `encodePromise`. @throws REQUEST_INVALID naming the field */
export function parsePromise(bytes: Bytes): BallotPromise {
  const reader = new ByteReader(bytes);
  const head = readHead('promise', reader);
  const uid = reader.raw('uid', 32);
  const index = reader.u32('index');
  const ballot = readBallot(reader, 'ballot');
  const flag = reader.u8('accepted');
  if (flag > 1) throw invalid('accepted', 'has an unknown flag');
  const accepted = flag === 0 ? null : { ballot: readBallot(reader, 'accepted'), valueHash: reader.raw('accepted.valueHash', 32) };
  reader.end('promise');
  return { ...head, uid, index, ballot, accepted };
}
