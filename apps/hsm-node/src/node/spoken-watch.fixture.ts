import { batchBroadcast } from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import {
  ByteReader,
  compareBallots,
  maxBallot,
  parsePromise,
  parseVote,
  toHex,
  type Ballot,
  type Bytes,
  type Vote,
} from '@strongroom/protocol';
import type { BatchMessage } from '../log/outgoing-batch.js';
import type { MemoryWire } from './memory-wire.fixture.js';

/** For specs only: the batches that were ever sent, of one node or of all. */
export function batchesOf(wire: MemoryWire, node?: number): readonly BatchMessage[] {
  return wire.said
    .filter(({ name, from }) => name === 'batch' && (node === undefined || from === node))
    .map(({ payload }) => decodeMessage(payload, batchBroadcast.maxBytes, batchBroadcast.message));
}

interface Spoken {
  readonly promised: Ballot | null;
  readonly accepted: Ballot | null;
}

const SILENT: Spoken = { promised: null, accepted: null };

/**
 * For specs only: holds everything that nodes ever signed and sent, whoever received it, against what they had signed
 * before, across crashes and rollbacks (PROTOCOL 4.2, 7.3). @returns the contradictions
 */
export function contradictions(wire: MemoryWire): readonly string[] {
  const found: string[] = [];
  const values = new Map<string, string>();
  const spoken = new Map<string, Spoken>();
  const heard = (node: number, uid: Bytes, index: number): string => `${node} ${toHex(uid.subarray(0, 4))} ${index}`;
  const takeVote = (vote: Vote): void => {
    const { node, uid, index, ballot } = vote;
    const place = heard(node, uid, index);
    const before = spoken.get(place) ?? SILENT;
    const key = `${place} ${ballot.round}.${ballot.node}.${ballot.incarnation}`;
    const hash = toHex(vote.valueHash);
    if ((values.get(key) ?? hash) !== hash) found.push(`${key}: two values at one ballot`);
    if (compareBallots(ballot, before.promised) < 0) found.push(`${key}: a vote below a promise`);
    values.set(key, hash);
    spoken.set(place, { ...before, accepted: maxBallot(before.accepted, ballot) });
  };
  const takePromise = (statement: Bytes): void => {
    const { node, uid, index, ballot, accepted } = parsePromise(statement);
    const place = heard(node, uid, index);
    const before = spoken.get(place) ?? SILENT;
    if (compareBallots(accepted?.ballot ?? null, before.accepted) < 0) found.push(`${place}: a promise that forgets a vote`);
    spoken.set(place, { ...before, promised: maxBallot(before.promised, ballot) });
  };
  for (const { signed, reports } of batchesOf(wire)) {
    for (const [leaf, statement] of (signed?.statements ?? []).entries()) {
      if (reports.some((report) => report.leaf === leaf)) takePromise(statement);
      else takeVote(parseVote(statement));
    }
  }
  return found;
}

/** For specs only: places in which a node signed two batches. */
export function forks(wire: MemoryWire): readonly string[] {
  const places = new Map<string, string>();
  const found: string[] = [];
  for (const { node, incarnation, signed } of batchesOf(wire)) {
    if (signed === null) continue;
    const place = `${node} ${epochOf(signed.statements[0])} ${incarnation} ${signed.sequence}`;
    const signature = toHex(signed.signature);
    if ((places.get(place) ?? signature) !== signature) found.push(place);
    places.set(place, signature);
  }
  return found;
}

/** Each epoch has chains of its own (PROTOCOL 7.5). */
function epochOf(statement: Bytes | undefined): number {
  const reader = new ByteReader(statement ?? new Uint8Array(0));
  reader.lv('label');
  reader.text('fleetId');
  return reader.u32('epoch');
}
