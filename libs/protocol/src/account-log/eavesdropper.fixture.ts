import type { Ballot } from '../ballot/ballot.js';
import { openBatch } from '../batch/signed-statement.js';
import { equal, toHex, type Bytes } from '../encoding/bytes.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { parseVote } from '../vote/vote.js';
import { nativeVerifier } from './account.fixture.js';
import type { Accepted, VerifiedPromise, VerifiedVote } from './account-log.js';
import { readPromise } from './evidence.js';
import type { BatchWire, Wire } from './log-wire.fixture.js';

export interface HeardPromise extends VerifiedPromise {
  readonly accepted: Accepted | null;
}

export interface HeardProposal {
  readonly vote: VerifiedVote;
  readonly value: Bytes;
  readonly promises: readonly VerifiedPromise[];
}

/**
 * For specs only: whoever controls the bus hears all that honest nodes say. It pools their votes with those that the
 * corrupt ones could add at any time, and throws when two values of one index could be shown as decided.
 */
export class Eavesdropper {
  readonly promises: HeardPromise[] = [];
  readonly proposals: HeardProposal[] = [];
  readonly votes: VerifiedVote[] = [];
  /** By index: the values that somebody who has the corrupt nodes' keys could show as decided. */
  readonly decidable = new Map<number, Set<string>>();
  private readonly heard = new WeakSet<BatchWire>();
  private readonly voters = new Map<string, Set<number>>();

  constructor(
    private readonly roster: FleetRoster,
    private readonly corrupt: readonly number[],
  ) {}

  hear(wire: Wire): void {
    if (wire.kind !== 'batch' || wire.head === null || this.heard.has(wire) || this.corrupt.includes(wire.from)) return;
    this.heard.add(wire);
    const { statements } = openBatch(this.roster, wire.head, wire.statements, wire.signature, nativeVerifier);
    for (const [leaf, signed] of statements.entries()) {
      const report = wire.reports.get(leaf);
      if (report !== undefined) {
        const promise = readPromise(signed, report.accepted?.proposal ?? null, this.roster, nativeVerifier);
        this.promises.push({ ...promise, accepted: report.accepted });
        continue;
      }
      const head = parseVote(signed.statement);
      this.count({ head, signed });
      const proposal = wire.proposals.get(leaf);
      if (proposal !== undefined) this.proposals.push({ vote: { head, signed }, ...proposal });
    }
  }

  /** The last promise of every node for this ballot. */
  promisesFor(index: number, ballot: Ballot): readonly HeardPromise[] {
    const key = keyOf(index, ballot);
    const last = new Map<number, HeardPromise>();
    for (const one of this.promises) if (keyOf(one.head.index, one.head.ballot) === key) last.set(one.head.node, one);
    return [...last.values()];
  }

  /** What honest nodes have signed for this value at this ballot, once each. */
  votesFor(index: number, ballot: Ballot, valueHash: Bytes): readonly VerifiedVote[] {
    const key = keyOf(index, ballot);
    const last = new Map<number, VerifiedVote>();
    for (const one of this.votes) {
      if (keyOf(one.head.index, one.head.ballot) === key && equal(one.head.valueHash, valueHash)) last.set(one.head.node, one);
    }
    return [...last.values()];
  }

  private count(verified: VerifiedVote): void {
    const vote = verified.head;
    this.votes.push(verified);
    const hash = toHex(vote.valueHash);
    const key = `${keyOf(vote.index, vote.ballot)} ${hash}`;
    const voters = this.voters.get(key) ?? new Set();
    this.voters.set(key, voters.add(vote.node));
    if (voters.size + this.corrupt.length < this.roster.q) return;
    const values = this.decidable.get(vote.index) ?? new Set();
    this.decidable.set(vote.index, values.add(hash));
  }

  /** @throws when the nodes' agreement is broken, whether any of them has noticed or not */
  mustAgree(): void {
    for (const [index, values] of this.decidable) {
      if (values.size > 1) throw new Error(`${values.size} values could be shown as decided at ${index}`);
    }
  }
}

function keyOf(index: number, { round, node, incarnation }: Ballot): string {
  return `${index} ${round}.${node}.${incarnation}`;
}
