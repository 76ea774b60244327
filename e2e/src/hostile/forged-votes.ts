import { batchBroadcast } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import {
  ByteWriter,
  concat,
  encodeEntryCore,
  encodeVote,
  logValueHash,
  openBatch,
  parseVote,
  signBatch,
  type AttemptCore,
  type Bytes,
  type FleetRoster,
  type Signer,
} from '@strongroom/protocol';
import type { Decided, Intruder } from './intruder.js';

export type CarriedVote = Decided['votes'][number];

/** What an index would decide if it were voted for: u64 stampMs || u32 lastOk || entry. */
export function valueOf(entry: Bytes): Bytes {
  return concat(new ByteWriter().u64(Date.now()).u32(0).bytes(), entry);
}

/** A decided value with B and E of another attempt in it: they end its core, which has a length of 2 bytes before it. */
export function withPointsOf(value: Bytes, core: AttemptCore): Bytes {
  const encoded = encodeEntryCore(core);
  const out = value.slice();
  out.set(encoded.subarray(-64), 12 + 2 + encoded.length - 64);
  return out;
}

/** A vote of `like`'s node for another value, well-formed in every way but for who signs it. */
export function forgedVote(like: CarriedVote, index: number, value: Bytes, signer: Signer): CarriedVote {
  const vote = parseVote(like.statement);
  const statement = encodeVote({ ...vote, index, valueHash: logValueHash(value) });
  const head = { node: like.node, incarnation: like.incarnation, sequence: like.sequence + 1, previous: like.previous };
  const signed = signBatch(vote, head, [statement], signer).statements[0];
  if (signed === undefined) throw new Error('a batch of one has one statement');
  return signed;
}

/** Listens to the nodes, as anybody on the bus can. @returns the votes and values heard so far, and how to stop */
export async function eavesdrop(
  intruder: Intruder,
  roster: FleetRoster,
): Promise<{ readonly votes: CarriedVote[]; readonly values: Bytes[]; readonly stop: () => Promise<void> }> {
  const votes: CarriedVote[] = [];
  const values: Bytes[] = [];
  const stop = await intruder.bus.onBroadcast(batchBroadcast, intruder.fleetId, ({ node, incarnation, signed, proposals, reports }) => {
    if (signed === null || reports.length > 0) return;
    const head = { node, incarnation, sequence: signed.sequence, previous: signed.previous };
    votes.push(...openBatch(roster, head, signed.statements, signed.signature, nodeVerifier).statements);
    values.push(...proposals.map(({ value }) => value));
  });
  await intruder.bus.flush();
  return { votes, values, stop };
}
