import type { Ballot } from '../ballot/ballot.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import type { Entry } from '../entry/entry.js';
import { POLICY, START_MS } from './account.fixture.js';
import type { VerifiedPromise } from './account-log.js';
import { Eavesdropper } from './eavesdropper.fixture.js';
import { Liar } from './liar.fixture.js';
import { LogFleet } from './log-fleet.fixture.js';
import { LogWatch } from './log-watch.fixture.js';
import type { BatchWire } from './log-wire.fixture.js';

export interface Shape {
  readonly n: number;
  readonly t: number;
  readonly q: number;
}

/** Agreement may break here: the eavesdropper says so, and nobody stops the run. */
class Bystander extends LogWatch {
  override see(): void {}
}

/** For specs only: a fleet with corrupt nodes, and a bus that delivers what helps them and nothing else. */
export class Attack {
  readonly fleet: LogFleet;
  readonly bus: Eavesdropper;
  readonly liars: readonly Liar[];
  readonly honest: readonly number[];

  constructor({ n, t, q }: Shape, corrupt: (fleet: LogFleet) => readonly number[]) {
    this.fleet = new LogFleet(n, q, POLICY, t, (roster) => new Bystander(roster));
    const nodes = corrupt(this.fleet);
    this.bus = new Eavesdropper(this.fleet.roster, nodes);
    this.liars = nodes.map((node) => new Liar(node, this.fleet.roster));
    this.honest = this.fleet.nodes.map(({ self }) => self).filter((node) => !nodes.includes(node));
    for (const node of nodes) this.fleet.node(node).crash();
    // Nothing that an honest node says reaches another unless a corrupt one carries it there.
    this.fleet.faults = (wire) => {
      this.bus.hear(wire);
      return [];
    };
  }

  /** The corrupt node that leads. */
  get liar(): Liar {
    const [first] = this.liars;
    if (first === undefined) throw new RangeError('nobody lies');
    return first;
  }

  value(entry: Entry): LogValue {
    return { stampMs: START_MS, lastOk: 0, entry };
  }

  ballot(round: number): Ballot {
    return { round, node: this.liar.node, incarnation: 1 };
  }

  /** Hands a message to some, and lets what they do about it happen. */
  say(wire: BatchWire, to: readonly number[]): void {
    for (const node of to) this.fleet.node(node).receive(wire);
    this.fleet.runFor(20);
  }

  propose(index: number, value: LogValue, ballot: Ballot, promises: readonly VerifiedPromise[], to: readonly number[]): void {
    this.say(this.liar.proposalWire(index, value, ballot, promises), to);
  }

  /** Asks `from` for promises, and hears them. */
  promisesOf(index: number, ballot: Ballot, from: readonly number[]): readonly VerifiedPromise[] {
    this.say(this.liar.promiseWire(index, ballot, null), from);
    const heard = this.bus.promisesFor(index, ballot);
    return from.flatMap((node) => heard.find(({ head }) => head.node === node) ?? []);
  }

  /** Honest votes and as many corrupt ones as are needed: given to `to`, they decide the index there. */
  showDecided(index: number, value: LogValue, ballot: Ballot, to: readonly number[]): void {
    const bytes = encodeLogValue(value);
    const honest = this.bus.votesFor(index, ballot, logValueHash(bytes));
    const votes = [...honest, ...this.liars.map((liar) => liar.vote(index, value, ballot))].slice(0, this.fleet.roster.q);
    const set = { index, value: bytes, votes: votes.map(({ signed }) => signed) };
    for (const node of to) this.fleet.node(node).receive({ kind: 'sets', from: this.liar.node, sets: [set], confirmation: null });
    this.fleet.runFor(20);
  }

  /** Guesses that the corrupt nodes can finish: attempts that enough honest nodes hold as decided. */
  guesses(t: number): number {
    const holders = new Map<string, number>();
    for (const node of this.honest) {
      for (const { kind, id } of this.fleet.node(node).account.state.marks) {
        const name = Buffer.from(id).toString('hex');
        if (kind === 'attempt') holders.set(name, (holders.get(name) ?? 0) + 1);
      }
    }
    return [...holders.values()].filter((count) => count >= t - this.liars.length).length;
  }
}
