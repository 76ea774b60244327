import { openBatch, signBatch, type BatchHead, type SignedBatch, type SignedStatement } from '../batch/signed-statement.js';
import { parseLogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import { encodePromise } from '../vote/promise.js';
import { encodeVote } from '../vote/vote.js';
import { nativeVerifier, nodeSigners, uid } from './account.fixture.js';
import { emptyAccountLog, type AccountLog } from './account-log.js';
import { decide } from './decide.js';
import { checkDecided, openBasis, openPromise, readPromise, readVote, type DecidedSet } from './evidence.js';
import { LogRejoin } from './log-rejoin.fixture.js';
import { ownInput, wireOf, withProof, type OwnStatement } from './log-speech.fixture.js';
import type { BatchWire, Durable, Network, Wire } from './log-wire.fixture.js';
import type { LogEffect, LogInput } from './log-message.js';

const NOTHING = new Uint8Array(32);
const HEARD: readonly string[] = ['cast', 'promise', 'nack', 'refusal'];

/** For specs only: one node that drives the real `decide` as PROTOCOL 7 says. Its disk is `durable`, the rest dies with it. */
export class LogNode {
  status: 'up' | 'down' | 'rejoining' = 'up';
  /** Grows with every crash: what was under way in an earlier life is lost. */
  life = 0;
  durable: Durable;
  account: AccountLog = emptyAccountLog(uid);
  incarnations: readonly number[];
  sets: readonly DecidedSet[] = [];
  private effects: LogEffect[] = [];
  afterFlush: (() => void)[] = [];
  private sequence = 0;
  private readonly rejoining: LogRejoin<LogNode>;
  private ticking = false;
  private flushing = false;

  constructor(
    readonly self: number,
    private readonly network: Network<LogNode>,
  ) {
    this.incarnations = network.roster.members.map(() => 1);
    this.durable = this.snapshot();
    this.rejoining = new LogRejoin(this, network);
  }

  /** Hands one input to the log. Ignored while the node is not taking part. */
  feed(input: LogInput): void {
    if (this.status !== 'up') return;
    const { roster, policy } = this.network;
    const nowMs = this.network.nowMs();
    const context = { roster, policy, verifier: nativeVerifier, self: this.self, incarnations: this.incarnations, nowMs };
    const { account, effects } = decide(this.account, input, context);
    this.account = account;
    for (const effect of effects) this.note(effect);
    this.effects.push(...effects);
    this.network.watch(this, effects);
    this.later();
    if (account.round !== null) this.keepTicking();
  }

  receive(wire: Wire): void {
    if (this.status === 'down') return;
    try {
      if (wire.kind === 'rejoin') this.rejoining.answer(wire.from, wire.incarnation);
      else if (wire.kind === 'rejoin-answer') this.rejoining.learn(wire);
      else if (this.status === 'up') this.take(wire);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.network.dropped(error);
    }
  }

  /** Puts everything on disk, then makes it known. @param reach who still hears of it when the node dies on the way */
  flush(reach: (node: number) => boolean = () => true): void {
    this.flushing = false;
    if (this.status === 'down') return;
    const effects = this.effects;
    this.effects = [];
    const spoken = effects.filter((effect) => effect.kind === 'cast' || effect.kind === 'promise');
    const batch = this.sign(spoken.map((effect) => (effect.kind === 'cast' ? encodeVote(effect.vote) : encodePromise(effect.promise))));
    spoken.forEach((effect, i) => this.keepOwnProposal(effect, batch?.statements[i]));
    const isNews = this.durable.account.confirmation !== this.account.confirmation || effects.some(({ kind }) => HEARD.includes(kind));
    this.durable = this.snapshot();
    const own = spoken.map((effect, i) => withProof(effect, batch?.statements[i], this.account));
    const incarnation = this.incarnations[this.self - 1] ?? 0;
    if (isNews) this.network.broadcast(this.self, wireOf(this.self, incarnation, effects, batch, own, this.account.confirmation), reach);
    for (const one of own) this.network.soon(() => this.hearOneself(one), this);
    for (const act of this.afterFlush.splice(0)) act();
  }

  crash(): void {
    this.status = 'down';
    this.life++;
    this.forget();
  }

  /** Starts from what the disk says, or, rolled back, said once: a higher incarnation, then PROTOCOL 7.3. */
  restart(disk: Durable = this.durable): void {
    this.durable = disk;
    this.forget();
    this.incarnations = disk.incarnations.map((incarnation, i) => (i + 1 === this.self ? incarnation + 1 : incarnation));
    this.durable = this.snapshot();
    this.sequence = 0;
    this.status = 'rejoining';
    this.rejoining.begin();
  }

  private forget(): void {
    const { account, incarnations, sets } = this.durable;
    this.account = { ...account, seen: [], wanted: [], round: null };
    this.incarnations = incarnations;
    this.sets = sets;
    this.effects = [];
    this.afterFlush = [];
  }

  private snapshot(): Durable {
    return { account: { ...this.account, seen: [], wanted: [], round: null }, incarnations: this.incarnations, sets: this.sets };
  }

  private note(effect: LogEffect): void {
    if (effect.kind === 'decided') this.sets = [...this.sets, { index: effect.index, value: effect.value, votes: effect.votes }];
    if (effect.kind === 'lagging')
      this.network.send(this.self, effect.node, { kind: 'fetch', from: this.self, fromIndex: effect.fromIndex });
    if (effect.kind === 'laggard') this.giveSets(effect.node, effect.fromIndex);
  }

  private giveSets(node: number, fromIndex: number): void {
    const sets = this.sets.filter(({ index }) => index >= fromIndex);
    if (sets.length > 0)
      this.network.send(this.self, node, { kind: 'sets', from: this.self, sets, confirmation: this.account.confirmation });
  }

  private take(wire: Wire): void {
    if (wire.kind === 'fetch') this.giveSets(wire.from, wire.fromIndex);
    if (wire.kind === 'sets') this.takeSets(wire.sets, wire.confirmation);
    if (wire.kind === 'batch') this.takeBatch(wire);
  }

  takeSets(sets: readonly DecidedSet[], confirmation: AccountLog['confirmation']): void {
    for (const set of sets) {
      if (set.index !== this.account.state.index + 1) continue;
      const { value } = checkDecided(set, uid, this.network.roster, nativeVerifier);
      this.feed({ kind: 'set', index: set.index, value: set.value, logValue: value, votes: set.votes });
    }
    if (confirmation !== null) this.feed({ kind: 'confirm', confirmation });
  }

  private takeBatch(wire: BatchWire): void {
    const known = this.incarnations[wire.from - 1] ?? 0;
    if (wire.incarnation < known) return;
    if (wire.incarnation > known) this.store(wire.from, wire.incarnation);
    const { roster } = this.network;
    for (const confirmation of wire.confirmations) this.feed({ kind: 'confirm', confirmation });
    if (wire.head !== null) {
      const { statements } = openBatch(roster, wire.head, wire.statements, wire.signature, nativeVerifier);
      statements.forEach((signed, leaf) => this.takeStatement(signed, wire, leaf));
    }
    for (const { index, promised } of wire.nacks) this.feed({ kind: 'nack', from: wire.from, index, promised });
    for (const { index, ballot, error } of wire.refusals) this.feed({ kind: 'refusal', from: wire.from, index, ballot, error });
  }

  private takeStatement(signed: SignedStatement, wire: BatchWire, leaf: number): void {
    const { roster } = this.network;
    const report = wire.reports.get(leaf);
    if (report !== undefined) {
      const { accepted } = report;
      const basis = openBasis(accepted?.basis ?? [], roster, nativeVerifier);
      const promise = { ...readPromise(signed, accepted?.proposal ?? null, roster, nativeVerifier), value: accepted?.value ?? null, basis };
      const { ballot, index, node } = promise.head;
      if (ballot.node === node) this.feed({ kind: 'prepare', from: node, index, ballot, report: promise });
      else if (ballot.node === this.self) this.feed({ kind: 'promise', promise });
      return;
    }
    const vote = readVote(signed, roster);
    const sent = wire.proposals.get(leaf);
    if (sent === undefined) return this.feed({ kind: 'vote', vote, proposal: null });
    const promises = sent.promises.map((promise) => openPromise(promise.signed, promise.proof?.signed ?? null, roster, nativeVerifier));
    const proposal = { value: sent.value, promises, logValue: parseLogValue(sent.value, () => true), tokenExpired: false };
    this.feed({ kind: 'vote', vote, proposal });
  }

  private sign(statements: Uint8Array[]): (SignedBatch & { readonly head: BatchHead }) | null {
    const signer = nodeSigners[this.self - 1];
    if (statements.length === 0 || signer === undefined) return null;
    const head = { node: this.self, incarnation: this.incarnations[this.self - 1] ?? 0, sequence: ++this.sequence, previous: NOTHING };
    return { head, ...signBatch(this.network.roster, head, statements, signer) };
  }

  private keepOwnProposal(effect: LogEffect, signed: SignedStatement | undefined): void {
    const { accepted } = this.account;
    if (effect.kind !== 'cast' || signed === undefined || effect.vote.ballot.node !== this.self || accepted?.proposal !== null) return;
    this.account = { ...this.account, accepted: { ...accepted, proposal: signed } };
  }

  private hearOneself(own: OwnStatement): void {
    const input = ownInput(own, this.network.roster);
    if (input !== null) this.feed(input);
  }

  store(node: number, incarnation: number): void {
    this.incarnations = this.incarnations.map((known, i) => (i + 1 === node ? Math.max(known, incarnation) : known));
    this.later();
  }

  later(): void {
    if (this.flushing) return;
    this.flushing = true;
    this.network.flushSoon(this);
  }

  private keepTicking(): void {
    if (this.ticking) return;
    this.ticking = true;
    this.network.after(50, () => {
      this.ticking = false;
      if (this.account.round !== null) this.feed({ kind: 'tick' });
    });
  }
}
