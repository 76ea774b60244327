import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { equal } from '../encoding/bytes.js';
import { encodeLogValue, logValueHash, parseLogValue, type LogValue } from '../entry/log-value.js';
import { entries, uid } from './account.fixture.js';
import type { Accepted, VerifiedPromise } from './account-log.js';
import { isJustified } from './demand.js';
import type { Dice } from './dice.fixture.js';
import type { Eavesdropper } from './eavesdropper.fixture.js';
import type { Liar } from './liar.fixture.js';
import type { LogFleet } from './log-fleet.fixture.js';
import { asEvidence } from './note.js';

const TRIES = 40;

/**
 * For specs only: what corrupt nodes do together, hearing everything. They sign two values at one ballot, make up what
 * they accepted, report late what they proposed in secret, and look through all they were promised for a set that every
 * acceptor takes and that stands for a value which is not the one most voted for.
 */
export class LiarMind {
  /** What was sent as a lie, by kind. */
  readonly told = { equivocations: 0, forgedReports: 0, rivalProposals: 0 };
  private readonly secrets: { readonly index: number; readonly claim: Accepted; readonly value: LogValue }[] = [];
  private made = 0;

  constructor(
    private readonly fleet: LogFleet,
    private readonly bus: Eavesdropper,
    private readonly liars: readonly Liar[],
    private readonly honest: readonly number[],
    private readonly dice: Dice,
  ) {}

  act(): void {
    const { dice } = this;
    const liar = dice.pick(this.liars);
    if (liar === undefined) return;
    const index = this.openIndex();
    const choice = dice.below(100);
    if (choice < 15) this.equivocate(liar, index);
    else if (choice < 45) this.prepare(liar, index);
    else if (choice < 75) this.proposeRival(liar, index);
    else this.answer(liar, index);
  }

  /** What a rejoining node is told: a secret proposal, if there is one. */
  lieFor(index: number): Accepted | null {
    return this.dice.pick(this.secrets.filter((one) => one.index === index))?.claim ?? null;
  }

  private openIndex(): number {
    const node = this.dice.pick(this.honest) ?? 1;
    return this.fleet.node(node).account.state.index + 1;
  }

  private freshValue(): LogValue {
    return { stampMs: this.fleet.nowMs(), lastOk: 0, entry: entries.attempt(`lie ${this.made++}`) };
  }

  private equivocate(liar: Liar, index: number): void {
    if (liar.node !== this.fleet.home) return this.prepare(liar, index);
    const zero = { round: 0, node: liar.node, incarnation: 1 };
    this.sendTwo(liar, index, zero, [this.freshValue(), this.freshValue()], []);
  }

  private sendTwo(liar: Liar, index: number, ballot: Ballot, values: readonly LogValue[], promises: readonly VerifiedPromise[]): void {
    this.told.equivocations++;
    for (const [i, node] of this.dice.shuffled(this.honest).entries()) {
      const value = values[i % 3 === 0 ? 1 : 0] ?? values[0];
      if (value !== undefined && this.dice.chance(80)) this.deliver(node, liar.proposalWire(index, value, ballot, promises));
    }
  }

  private prepare(liar: Liar, index: number): void {
    const highest = Math.max(...this.honest.map((node) => this.fleet.node(node).account.promised?.round ?? 0));
    const ballot = { round: Math.max(1, highest + this.dice.below(3) - 1), node: liar.node, incarnation: 1 };
    const lie = this.dice.chance(50) ? this.lieFor(index) : null;
    const wire = liar.promiseWire(index, ballot, lie !== null && compareBallots(lie.ballot, ballot) < 0 ? lie : null);
    for (const node of this.dice.some(this.honest, 90)) this.deliver(node, wire);
  }

  /** Out of all promises heard for one of its ballots: a set that is taken, for a value that most voters did not vote for. */
  private proposeRival(liar: Liar, index: number): void {
    const mine = this.bus.promises.filter(({ head }) => head.ballot.node === liar.node && head.index === index);
    const ballot = this.dice.pick(mine)?.head.ballot;
    if (ballot === undefined) return this.prepare(liar, index);
    const heard = this.bus.promisesFor(index, ballot);
    const popular = this.mostVoted(index);
    for (let turn = 0; turn < TRIES; turn++) {
      const lies = this.dice.some(this.liars, 70).map((each) => each.promise(index, ballot, this.lowerLie(index, ballot)));
      const promises = this.dice.shuffled([...heard, ...lies]).slice(0, this.fleet.roster.q);
      const value = this.dice.chance(20) ? this.freshValue() : this.knownValue(index);
      const valueHash = logValueHash(encodeLogValue(value));
      if (popular !== null && equal(popular, valueHash)) continue;
      const taken = isJustified({ uid, index, ballot, valueHash }, promises, this.fleet.roster);
      // Now and then one that should not be taken.
      if (!taken && turn < TRIES - 1) continue;
      this.told.rivalProposals++;
      if (taken && this.dice.chance(40)) this.keepSecret(liar, index, value, ballot, promises);
      else if (taken && this.dice.chance(30)) this.sendTwo(liar, index, ballot, [value, this.freshValue()], promises);
      else for (const node of this.dice.some(this.honest, 80)) this.deliver(node, liar.proposalWire(index, value, ballot, promises));
      return;
    }
  }

  private keepSecret(liar: Liar, index: number, value: LogValue, ballot: Ballot, promises: readonly VerifiedPromise[]): void {
    const basis = promises.map(asEvidence);
    this.secrets.push({ index, value, claim: liar.claim(value, liar.vote(index, value, ballot), basis) });
  }

  private lowerLie(index: number, below: Ballot): Accepted | null {
    const known = this.lieFor(index);
    if (known !== null && this.dice.chance(50)) return compareBallots(known.ballot, below) < 0 ? known : null;
    const by = this.dice.pick(this.liars);
    if (by === undefined || below.round < 2) return null;
    this.told.forgedReports++;
    const value = this.knownValue(index);
    const ballot = { round: below.round - 1, node: by.node, incarnation: 1 };
    return by.claim(value, by.vote(index, value, ballot));
  }

  /** Answers what an honest node asks for with whatever a corrupt one may claim. */
  private answer(liar: Liar, index: number): void {
    for (const node of this.honest) {
      const { promised } = this.fleet.node(node).account;
      if (promised?.node !== node) continue;
      this.deliver(node, liar.promiseWire(index, promised, this.lowerLie(index, promised)));
    }
    for (const { vote } of this.bus.proposals.filter((one) => one.vote.head.index === index).slice(-3)) {
      const wire = liar.voteWire(index, vote.head.valueHash, vote.head.ballot);
      for (const node of this.dice.some(this.honest, 40)) this.deliver(node, wire);
    }
  }

  private knownValue(index: number): LogValue {
    const proposed = this.bus.proposals
      .filter(({ vote }) => vote.head.index === index)
      .map(({ value }) => parseLogValue(value, () => true));
    const secret = this.secrets.filter((one) => one.index === index).map(({ value }) => value);
    return this.dice.pick([...proposed, ...secret]) ?? this.freshValue();
  }

  private mostVoted(index: number): Uint8Array | null {
    const counts = new Map<string, { readonly hash: Uint8Array; count: number }>();
    for (const { head } of this.bus.votes) {
      if (head.index !== index) continue;
      const name = Buffer.from(head.valueHash).toString('hex');
      const entry = counts.get(name) ?? { hash: head.valueHash, count: 0 };
      counts.set(name, { ...entry, count: entry.count + 1 });
    }
    return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.hash ?? null;
  }

  private deliver(node: number, wire: Parameters<LogFleet['nodes'][number]['receive']>[0]): void {
    this.fleet.after(this.dice.below(40), () => this.fleet.node(node).receive(wire));
  }
}
