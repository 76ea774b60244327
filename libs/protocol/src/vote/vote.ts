import { readBallot, writeBallot, type Ballot } from '../ballot/ballot.js';
import { ByteReader } from '../encoding/byte-reader.js';
import type { Bytes } from '../encoding/bytes.js';
import { readHead, writeHead, type StatementHead } from './statement-head.js';

/** A signed accept of one value at one index and ballot (PROTOCOL 4.1, 4.6). */
export interface Vote extends StatementHead {
  /** Account id, 32 bytes. */
  readonly uid: Bytes;
  readonly index: number;
  readonly ballot: Ballot;
  /** `logValueHash` of the value, 32 bytes. */
  readonly valueHash: Bytes;
  /** Attempts since the last confirmed one as the signer counts them, this entry included. */
  readonly spent: number;
  /** Number of the last confirmed attempt that the signer has stored, 0 for none. */
  readonly lastOk: number;
  /** Hash of the record that this entry is about as the signer knows it, 32 bytes; zeros where there is none. */
  readonly recordHash: Bytes;
}

/** head("vote") || uid || u32 index || ballot || valueHash || u16 spent || u32 lastOk || recordHash. */
export function encodeVote(vote: Vote): Bytes {
  const writer = writeBallot(writeHead('vote', vote).raw(vote.uid).u32(vote.index), vote.ballot);
  return writer.raw(vote.valueHash).u16(vote.spent).u32(vote.lastOk).raw(vote.recordHash).bytes();
}

/** Strict inverse of `encodeVote`. @throws REQUEST_INVALID naming the field */
export function parseVote(bytes: Bytes): Vote {
  const reader = new ByteReader(bytes);
  const vote = {
    ...readHead('vote', reader),
    uid: reader.raw('uid', 32),
    index: reader.u32('index'),
    ballot: readBallot(reader, 'ballot'),
    valueHash: reader.raw('valueHash', 32),
    spent: reader.u16('spent'),
    lastOk: reader.u32('lastOk'),
    recordHash: reader.raw('recordHash', 32),
  };
  reader.end('vote');
  return vote;
}
