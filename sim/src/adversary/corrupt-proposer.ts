import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import {
  encodeLogValue,
  logValueHash,
  parsePromise,
  rankNodes,
  toHex,
  type Ballot,
  type Bytes,
  type Confirmation,
  type Entry,
  type SignedStatement,
} from '@strongroom/protocol';
import type { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { CorruptSpeech, Proposals } from './corrupt-speech.js';
import { saidStatements } from './said-statements.js';

interface Takeover {
  readonly uid: Bytes;
  readonly index: number;
  readonly ballot: Ballot;
  readonly promises: Map<number, Proposals[number]['promises'][number]>;
  /** Proposes what it likes on any q promises, whatever they demand: who checks them refuses. */
  readonly reckless: boolean;
  done: boolean;
}

export interface CorruptKnowledge {
  /** The index that is open, as far as anybody has said. */
  readonly openIndex: (uid: Bytes) => number;
  readonly confirmation: (uid: Bytes) => Confirmation | null;
  /** Entries of the account that somebody may propose, newest first. */
  readonly entries: (uid: Bytes) => readonly Entry[];
  readonly nowMs: () => number;
  readonly corrupt: ReadonlySet<number>;
}

/** Proposes two values at one ballot to two halves of the fleet, with whatever promises allow it. */
export class CorruptProposer {
  private readonly takeovers = new Map<string, Takeover>();
  private round = 0;

  constructor(
    private readonly speech: CorruptSpeech,
    private readonly knows: CorruptKnowledge,
    private readonly random: SeededRandom,
    private readonly faults: FaultCounts,
  ) {}

  /** Asked to propose: at ballot 0 where it is at home, else after collecting promises. */
  propose(uid: Bytes): void {
    const index = this.knows.openIndex(uid);
    const { self, roster } = this.speech;
    if (rankNodes(uid, roster)[0] === self && this.random.chance(60))
      return this.twice(uid, index, { round: 0, node: self, incarnation: 1 }, []);
    this.round += this.random.between(1, 3);
    const ballot = { round: this.round, node: self, incarnation: 1 };
    const { message, signed } = this.speech.sign(this.speech.promise(uid, index, ballot));
    const own = { signed, proof: null };
    this.takeovers.set(nameOf(uid, ballot), {
      uid,
      index,
      ballot,
      promises: new Map([[self, own]]),
      reckless: this.random.chance(40),
      done: false,
    });
    this.speech.say({ ...message, reports: [{ leaf: 0, accepted: null, confirmation: null }] });
  }

  /** Promises for its own ballots: those that report nothing are taken first, and its own says that it accepted nothing. */
  hear(message: BatchMessage): void {
    const statements = saidStatements(message, this.speech.roster);
    for (const { leaf, accepted } of message.reports) {
      const signed = statements[leaf];
      if (signed === undefined) continue;
      const { uid, ballot, index } = parsePromise(signed.statement);
      this.round = Math.max(this.round, ballot.round);
      const takeover = this.takeovers.get(nameOf(uid, ballot));
      if (takeover === undefined || takeover.done || takeover.index !== index) continue;
      takeover.promises.set(message.node, { signed, proof: accepted?.proof ?? null });
      this.goOn(takeover);
    }
  }

  private goOn(takeover: Takeover): void {
    const { q } = this.speech.roster;
    const reportsNothing = ({ signed }: { readonly signed: SignedStatement }): boolean => parsePromise(signed.statement).accepted === null;
    const all = [...takeover.promises.values()];
    const free = all.filter(reportsNothing);
    const taken = takeover.reckless ? all : free;
    if (taken.length < q) return;
    takeover.done = true;
    this.twice(takeover.uid, takeover.index, takeover.ballot, taken.slice(-q));
  }

  private twice(uid: Bytes, index: number, ballot: Ballot, promises: Proposals[number]['promises']): void {
    const { roster } = this.speech;
    const entries = this.random.shuffled(this.knows.entries(uid).slice(0, 4)).slice(0, 2);
    const honest = this.random.shuffled(roster.members.map((member) => member.index).filter((node) => !this.knows.corrupt.has(node)));
    const half = this.random.between(1, Math.max(1, honest.length - 1));
    const confirmation = this.knows.confirmation(uid);
    for (const [i, entry] of entries.entries()) {
      const value = encodeLogValue({ stampMs: this.knows.nowMs() + i, lastOk: confirmation?.index ?? 0, entry });
      const { message } = this.speech.sign(this.speech.vote(uid, index, ballot, logValueHash(value)));
      const to = i === 0 ? honest.slice(0, half) : honest.slice(half);
      this.faults.lie += i;
      this.speech.say(
        { ...message, proposals: [{ leaf: 0, value, promises, confirmation }] },
        (node) => to.includes(node) || this.knows.corrupt.has(node),
      );
    }
  }
}

function nameOf(uid: Bytes, { round, node, incarnation }: Ballot): string {
  return `${toHex(uid)} ${round}.${node}.${incarnation}`;
}
