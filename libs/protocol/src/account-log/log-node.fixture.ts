import { signBatch, openBatch, type SignedStatement } from '../batch/signed-statement.js';
import { parseLogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import { encodePromise, parsePromise } from '../vote/promise.js';
import { encodeVote } from '../vote/vote.js';
import { nativeVerifier, nodeSigners, uid } from './account.fixture.js';
import { emptyAccountLog, type Accepted, type AccountLog } from './account-log.js';
import { decide } from './decide.js';
import { checkDecided, openPromise, openVote, readPromise, readVote, type DecidedSet } from './evidence.js';
import type { BatchWire, Network, RejoinAnswer, Wire } from './log-wire.fixture.js';
import type { LogEffect, LogInput } from './log-message.js';

const NOTHING = new Uint8Array(32);
const HEARD: readonly string[] = ['cast', 'promise', 'nack', 'refusal'];

/** What is on a node's disk. */
export interface Durable {
  readonly account: AccountLog;
  readonly incarnations: readonly number[];
  readonly sets: readonly DecidedSet[];
}

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
  private afterFlush: (() => void)[] = [];
  private sequence = 0;
  private answers = new Map<number, RejoinAnswer>();
  private ticking = false;
  private flushing = false;

  constructor(
    readonly self: number,
    private readonly network: Network<LogNode>,
  ) {
    this.incarnations = network.roster.members.map(() => 1);
    this.durable = this.snapshot();
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
      if (wire.kind === 'rejoin') this.answerRejoin(wire.from, wire.incarnation);
      else if (wire.kind === 'rejoin-answer') this.learnAnswer(wire);
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
    const own = spoken.map((effect, i) => ({ effect, signed: batch?.statements[i] }));
    if (isNews) this.network.broadcast(this.self, this.wire(effects, batch, own), reach);
    for (const { effect, signed } of own) if (signed !== undefined) this.loopBack(effect, signed);
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
    this.answers = new Map();
    this.status = 'rejoining';
    this.askToRejoin();
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

  private takeSets(sets: readonly DecidedSet[], confirmation: AccountLog['confirmation']): void {
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
      const promise = readPromise(signed, report.accepted?.proposal ?? null, roster, nativeVerifier);
      const { ballot, index, node } = promise.head;
      if (ballot.node === node) this.feed({ kind: 'prepare', from: node, index, ballot });
      else if (ballot.node === this.self) this.feed({ kind: 'promise', promise: { ...promise, value: report.accepted?.value ?? null } });
      return;
    }
    const vote = readVote(signed, roster);
    const sent = wire.proposals.get(leaf);
    if (sent === undefined) return this.feed({ kind: 'vote', vote, proposal: null });
    const promises = sent.promises.map((promise) => openPromise(promise.signed, promise.proof?.signed ?? null, roster, nativeVerifier));
    const proposal = { value: sent.value, promises, logValue: parseLogValue(sent.value, () => true), tokenExpired: false };
    this.feed({ kind: 'vote', vote, proposal });
  }

  private sign(statements: Uint8Array[]) {
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

  private wire(
    effects: readonly LogEffect[],
    batch: ReturnType<LogNode['sign']>,
    own: readonly { effect: LogEffect; signed: SignedStatement | undefined }[],
  ): BatchWire {
    const wire: BatchWire = {
      kind: 'batch',
      from: this.self,
      incarnation: this.incarnations[this.self - 1] ?? 0,
      head: batch?.head ?? null,
      statements: batch?.statements.map(({ statement }) => statement) ?? [],
      signature: batch?.signature ?? NOTHING,
      proposals: new Map(),
      reports: new Map(),
      nacks: [],
      refusals: [],
      confirmations: this.account.confirmation === null ? [] : [this.account.confirmation],
    };
    own.forEach(({ effect }, leaf) => {
      if (effect.kind === 'cast' && effect.proposal !== null) wire.proposals.set(leaf, effect.proposal);
      if (effect.kind === 'promise') wire.reports.set(leaf, { accepted: this.withProof(effect.accepted, own) });
    });
    for (const effect of effects) {
      if (effect.kind === 'nack') wire.nacks.push(effect);
      if (effect.kind === 'refusal') wire.refusals.push(effect);
    }
    return wire;
  }

  /** A value accepted and reported between the same two flushes has its proposal in the same batch. */
  private withProof(
    accepted: Accepted | null,
    own: readonly { effect: LogEffect; signed: SignedStatement | undefined }[],
  ): Accepted | null {
    if (accepted === null || accepted.proposal !== null) return accepted;
    const cast = own.find(
      ({ effect }) => effect.kind === 'cast' && effect.proposal !== null && effect.vote.ballot.round === accepted.ballot.round,
    );
    return { ...accepted, proposal: cast?.signed ?? this.account.accepted?.proposal ?? null };
  }

  private loopBack(effect: LogEffect, signed: SignedStatement): void {
    this.network.soon(() => {
      if (effect.kind === 'cast') this.feed({ kind: 'vote', vote: { head: effect.vote, signed }, proposal: null });
      if (effect.kind !== 'promise') return;
      const { roster } = this.network;
      const accepted = effect.accepted === null || effect.accepted.proposal !== null ? effect.accepted : this.account.accepted;
      const proof = accepted?.proposal ?? null;
      const head = parsePromise(signed.statement);
      const promise = {
        head,
        signed,
        proof: proof === null ? null : openVote(proof, roster, nativeVerifier),
        value: accepted?.value ?? null,
      };
      this.feed({ kind: 'promise', promise });
    }, this);
  }

  private store(node: number, incarnation: number): void {
    this.incarnations = this.incarnations.map((known, i) => (i + 1 === node ? Math.max(known, incarnation) : known));
    this.later();
  }

  private later(): void {
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

  private askToRejoin(): void {
    if (this.status !== 'rejoining') return;
    const incarnation = this.incarnations[this.self - 1] ?? 0;
    for (let node = 1; node <= this.network.roster.n; node++) {
      if (node !== this.self) this.network.send(this.self, node, { kind: 'rejoin', from: this.self, incarnation });
    }
    const { life } = this;
    this.network.after(400, () => {
      if (this.life === life) this.askToRejoin();
    });
  }

  /** Stores the incarnation, and answers when it and all that this node ever made known are on disk. */
  private answerRejoin(from: number, incarnation: number): void {
    const stored = this.incarnations[from - 1] ?? 0;
    if (incarnation > stored) this.store(from, incarnation);
    this.afterFlush.push(() => {
      const { account, sets, incarnations } = this.durable;
      const { promised, accepted, confirmation, state } = account;
      const answer = {
        asked: incarnation,
        incarnation: Math.max(incarnation, stored),
        fresh: incarnation > stored,
        incarnations,
        sets,
        index: state.index,
        promised,
        accepted,
        confirmation,
      };
      this.network.send(this.self, from, { kind: 'rejoin-answer', from: this.self, ...answer });
    });
    this.later();
  }

  private learnAnswer(answer: RejoinAnswer): void {
    const own = this.incarnations[this.self - 1] ?? 0;
    if (this.status !== 'rejoining' || answer.asked !== own) return;
    if (answer.fresh) this.answers.set(answer.from, answer);
    else if (!this.answers.has(answer.from)) {
      // The peer has seen as much of this node before: the disk forgot it, or the answer was lost.
      this.store(this.self, answer.incarnation + 1);
      this.answers = new Map();
    }
    if (this.answers.size >= this.network.roster.q) this.rejoin([...this.answers.values()]);
  }

  private rejoin(answers: readonly RejoinAnswer[]): void {
    this.status = 'up';
    for (const answer of answers) {
      answer.incarnations.forEach((incarnation, i) => this.store(i + 1, incarnation));
      this.takeSets(answer.sets, answer.confirmation);
    }
    for (const { index, promised, accepted } of answers) this.feed({ kind: 'adopt', index: index + 1, promised, accepted });
    this.network.watch(this, []);
  }
}
