import type { ByteReader } from '../encoding/byte-reader.js';
import type { ByteWriter } from '../encoding/byte-writer.js';

/**
 * (round, node, incarnation), ordered in that order (PROTOCOL 4.2). Each epoch has rounds of its own, all above those of
 * the epoch before: what was accepted in an earlier epoch is below every ballot of this one (PROTOCOL 7.5).
 */
export interface Ballot {
  readonly round: number;
  readonly node: number;
  readonly incarnation: number;
}

/** Below zero when `a` is the lower ballot. `null` stands for no ballot and is the lowest. */
export function compareBallots(a: Ballot | null, b: Ballot | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a.round - b.round || a.node - b.node || a.incarnation - b.incarnation;
}

export function maxBallot(a: Ballot | null, b: Ballot | null): Ballot | null {
  return compareBallots(a, b) >= 0 ? a : b;
}

/** u64 round || u8 node || u32 incarnation. */
export function writeBallot(writer: ByteWriter, ballot: Ballot): ByteWriter {
  return writer.u64(ballot.round).u8(ballot.node).u32(ballot.incarnation);
}

export function readBallot(reader: ByteReader, field: string): Ballot {
  return {
    round: reader.u64(`${field}.round`),
    node: reader.u8(`${field}.node`),
    incarnation: reader.u32(`${field}.incarnation`),
  };
}

const MAX_LEAP = 65_536;

/** Rounds grow by one. A leap would use up what all nodes have for one index in an epoch: whoever asks for one is not answered. */
export function isLeap(fromRound: number, toRound: number): boolean {
  return toRound > fromRound + MAX_LEAP;
}
