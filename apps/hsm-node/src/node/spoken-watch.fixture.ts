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
 * For specs and the simulator only: holds everything that nodes ever signed and sent, whoever received it, against what
 * they had signed before, across crashes and rollbacks (PROTOCOL 4.2, 7.3).
 */
export class SpokenWatch {
  readonly contradictions: string[] = [];
  /** Places in which a node signed two batches. */
  readonly forks: string[] = [];
  private readonly values = new Map<string, string>();
  private readonly spoken = new Map<string, Spoken>();
  private readonly places = new Map<string, string>();

  hear({ node, incarnation, signed, reports }: BatchMessage): void {
    if (signed === null) return;
    const place = `${node} ${epochOf(signed.statements[0])} ${incarnation} ${signed.sequence}`;
    const signature = toHex(signed.signature);
    if ((this.places.get(place) ?? signature) !== signature) this.forks.push(place);
    this.places.set(place, signature);
    for (const [leaf, statement] of signed.statements.entries()) {
      if (reports.some((report) => report.leaf === leaf)) this.takePromise(statement);
      else this.takeVote(parseVote(statement));
    }
  }

  /**
   * The node's disk was rolled back: promises and votes of its earlier incarnations count with nobody who has answered
   * the new one, so it may have forgotten them (PROTOCOL 4.6, 7.3). One value per ballot stays the rule all the same.
   */
  forget(node: number): void {
    for (const place of [...this.spoken.keys()]) if (place.startsWith(`${node} `)) this.spoken.delete(place);
  }

  private takeVote(vote: Vote): void {
    const { node, uid, index, ballot } = vote;
    const place = placeOf(node, uid, index);
    const before = this.spoken.get(place) ?? SILENT;
    const key = `${place} ${ballot.round}.${ballot.node}.${ballot.incarnation}`;
    const hash = toHex(vote.valueHash);
    if ((this.values.get(key) ?? hash) !== hash) this.contradictions.push(`${key}: two values at one ballot`);
    if (compareBallots(ballot, before.promised) < 0) this.contradictions.push(`${key}: a vote below a promise`);
    this.values.set(key, hash);
    this.spoken.set(place, { ...before, accepted: maxBallot(before.accepted, ballot) });
  }

  private takePromise(statement: Bytes): void {
    const { node, uid, index, ballot, accepted } = parsePromise(statement);
    const place = placeOf(node, uid, index);
    const before = this.spoken.get(place) ?? SILENT;
    if (compareBallots(accepted?.ballot ?? null, before.accepted) < 0) this.contradictions.push(`${place}: a promise that forgets a vote`);
    this.spoken.set(place, { ...before, promised: maxBallot(before.promised, ballot) });
  }
}

function placeOf(node: number, uid: Bytes, index: number): string {
  return `${node} ${toHex(uid.subarray(0, 4))} ${index}`;
}

function watchOf(wire: MemoryWire): SpokenWatch {
  const watch = new SpokenWatch();
  for (const batch of batchesOf(wire)) watch.hear(batch);
  return watch;
}

export function contradictions(wire: MemoryWire): readonly string[] {
  return watchOf(wire).contradictions;
}

export function forks(wire: MemoryWire): readonly string[] {
  return watchOf(wire).forks;
}

/** Each epoch has chains of its own (PROTOCOL 7.5). */
function epochOf(statement: Bytes | undefined): number {
  const reader = new ByteReader(statement ?? new Uint8Array(0));
  reader.lv('label');
  reader.text('fleetId');
  return reader.u32('epoch');
}
