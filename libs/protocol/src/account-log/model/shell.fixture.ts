import { logValueHash } from '../../entry/log-value.js';
import { START_MS } from '../account.fixture.js';
import type { Accepted, AccountLog, CollectedPromise, Round } from '../account-log.js';
import { decide } from '../decide.js';
import type { LogEffect, LogInput } from '../log-message.js';
import type { Ballot } from '../../ballot/ballot.js';
import { compareBallots } from '../../ballot/ballot.js';
import { ballotNumber, FIRST_INDEX, NO_BALLOT, NO_VALUE, type Bounds } from './bounds.fixture.js';
import { ballotOf, Concrete } from './concrete.fixture.js';
import { Memo } from './memo.fixture.js';
import { Nodes, type LocalNode, type NodeFacts, type Phase } from './local-node.fixture.js';
import { PLAIN, Statements, type Statement } from './statement.fixture.js';
import { Violation } from './violation.fixture.js';

/** What one node does: how it is afterwards, and what it has signed. */
export interface Outcome {
  readonly node: LocalNode;
  readonly said: readonly Statement[];
  /** It found a peer that broke the rules; in a fleet of honest nodes that must never happen. */
  readonly accuses: boolean;
}

/** Late enough that a round is sent again, or that its backoff ends; and late enough that it is given up. */
const LATER_MS = START_MS + 1_000;
const MUCH_LATER_MS = START_MS + 10_000;

type Timed = LogInput & { readonly nowMs?: number };

/**
 * A node's shell around the real `decide`, as pure transitions. Deciding, flushing and speaking are one step: what is
 * lost before the flush was never decided, and what is on disk and never heard of is a statement that the gateway keeps.
 */
export class Shell {
  readonly nodes = new Nodes();
  readonly statements = new Statements(this.nodes);
  readonly concrete: Concrete;
  decisions = 0;
  /** `decide` is a pure function: what it decided once need not be decided again. */
  private readonly memo = {
    ...{ hear: new Memo<Outcome>(), submit: new Memo<Outcome>(), leap: new Memo<Outcome>(), collect: new Memo<Outcome>() },
    ...{ again: new Memo<Outcome>(), learn: new Memo<Outcome>(), confirm: new Memo<Outcome>(), adopt: new Memo<Outcome>() },
  };
  private readonly accounts = new Map<number, AccountLog>();

  constructor(readonly bounds: Bounds) {
    this.concrete = new Concrete(bounds.budget, bounds.home);
  }

  /** A statement as it reaches a peer: of a fenced incarnation it is dropped, a higher one is stored first (PROTOCOL 7.2). */
  hear(node: LocalNode, statement: Statement): Outcome {
    return this.memo.hear.of(node.id, statement.id, 0, () => this.hearNow(node, statement));
  }

  private hearNow(node: LocalNode, statement: Statement): Outcome {
    const speaks = statement.kind === 'proposal' ? statement.ballot & 15 : (statement.incarnations[statement.signer - 1] ?? 0);
    const known = node.incarnations[statement.signer - 1] ?? 0;
    if (speaks < known) return { node, said: [], accuses: false };
    const knowing = speaks === known ? node : this.nodes.of({ ...node, incarnations: raised(node.incarnations, statement.signer, speaks) });
    const heard = this.nodes.of({ ...knowing, hearsay: knowing.hearsay & ~(1 << statement.signer) });
    return this.run(heard, [this.inputOf(statement)]);
  }

  /** A client's attempt, at a node that has given up what it did before. */
  submit(node: LocalNode, name: number): Outcome {
    const giveUp: readonly Timed[] = node.phase === 'none' ? [] : [{ kind: 'tick', nowMs: MUCH_LATER_MS }];
    return this.memo.submit.of(node.id, name, 0, () => this.run(node, [...giveUp, { kind: 'submit', ...this.concrete.wanted(name) }]));
  }

  /** Goes above a round of which a peer, or the gateway in its name, has told: nacks are unsigned. */
  leap(node: LocalNode, name: number, round: number): Outcome {
    const ballot = { round: round - 1, node: node.self, incarnation: node.own };
    const change = { round: this.roundOf(node, 'backoff', ballot), wanted: [this.concrete.wanted(name)] };
    return this.memo.leap.of(node.id, round, 0, () => this.run(node, [{ kind: 'tick', nowMs: LATER_MS }], change));
  }

  /** Its own round's promises reach a proposer, while it is asked for an attempt. */
  collect(node: LocalNode, promises: readonly Statement[], name: number): Outcome {
    const [one, other] = promises.map(({ id }) => id);
    const make = (): Outcome => {
      const inputs = promises.map((promise): Timed => ({ kind: 'promise', promise: this.concrete.promise(promise) }));
      return this.run(node, [{ kind: 'submit', ...this.concrete.wanted(name) }, ...inputs]);
    };
    return this.memo.collect.of(node.id, one ?? -1, other ?? -1, make, name);
  }

  sendAgain(node: LocalNode): Outcome {
    return this.memo.again.of(node.id, 0, 0, () => this.run(node, [{ kind: 'tick', nowMs: LATER_MS }]));
  }

  learn(node: LocalNode, value: number): Outcome {
    const { bytes, logValue } = this.concrete.value(value);
    const set: Timed = { kind: 'set', index: node.open, value: bytes, logValue, votes: [] };
    return this.memo.learn.of(node.id, value, 0, () => this.run(node, [set]));
  }

  confirm(node: LocalNode, index: number, value: number): Outcome {
    const input: Timed = { kind: 'confirm', confirmation: this.concrete.confirmation(index, value) };
    return this.memo.confirm.of(node.id, index, 0, () => this.run(node, [input]));
  }

  /** What a peer's page shows is taken over, whatever of it is higher (PROTOCOL 7.3). */
  adopt(node: LocalNode, shown: LocalNode): Outcome {
    return this.memo.adopt.of(node.id, shown.id, 0, () => this.adoptNow(node, shown));
  }

  private adoptNow(node: LocalNode, shown: LocalNode): Outcome {
    const sets = shown.log.slice(node.log.length).map((value, i): Timed => {
      const { bytes, logValue } = this.concrete.value(value);
      return { kind: 'set', index: node.open + i, value: bytes, logValue, votes: [] };
    });
    const { confirmation, promised, accepted } = this.accountOf(shown);
    const confirm: readonly Timed[] = confirmation === null ? [] : [{ kind: 'confirm', confirmation }];
    return this.run(node, [...sets, ...confirm, { kind: 'adopt', index: shown.open, promised, accepted }]);
  }

  private inputOf(statement: Statement): Timed {
    const { signer, index, ballot, value } = statement;
    if (statement.kind === 'promise') return { kind: 'prepare', from: signer, index, ballot: ballotOf(ballot) };
    if (statement.kind === 'vote') return { kind: 'vote', vote: this.concrete.vote(statement), proposal: null };
    const { bytes, logValue } = this.concrete.value(value);
    const promises = this.concrete.promisesOf(index, ballot, statement.promises, statement.under, statement.demanded);
    const proposal = { value: bytes, promises, logValue, tokenExpired: false };
    return { kind: 'vote', vote: this.concrete.proposersVote(index, ballot, value), proposal };
  }

  private run(node: LocalNode, inputs: readonly Timed[], change: Partial<AccountLog> = {}): Outcome {
    let account: AccountLog = { ...this.accountOf(node), ...change };
    let facts: NodeFacts = node;
    const said: Statement[] = [];
    let accuses = false;
    for (const input of inputs) {
      const context = this.concrete.context(node.self, node.incarnations, input.nowMs ?? START_MS);
      this.decisions++;
      const decision = decide(account, input, context);
      account = decision.account;
      for (const effect of decision.effects) {
        if (effect.kind === 'decided') facts = { ...facts, log: [...facts.log, this.concrete.numberOf(logValueHash(effect.value))] };
        said.push(...this.spoken(node, effect));
        requireOwnLife(node, effect);
        accuses ||= effect.kind === 'misbehaved' || (effect.kind === 'refusal' && effect.error.code === 'NODE_MISBEHAVED');
      }
    }
    return { node: this.nodes.of(this.factsOf(facts, account)), said, accuses };
  }

  private spoken(node: LocalNode, effect: LogEffect): readonly Statement[] {
    const by = { ...PLAIN, signer: node.self, incarnations: node.incarnations };
    if (effect.kind === 'promise') {
      const { index, ballot, accepted } = effect.promise;
      const report = accepted === null ? {} : { under: numberOf(accepted.ballot), value: this.concrete.numberOf(accepted.valueHash) };
      return [this.statements.of({ ...by, ...report, kind: 'promise', index, ballot: numberOf(ballot) })];
    }
    if (effect.kind !== 'cast') return [];
    const { index, ballot, valueHash } = effect.vote;
    const what = { index, ballot: numberOf(ballot), value: this.concrete.numberOf(valueHash) };
    const vote = this.statements.of({ ...by, ...what, kind: 'vote' });
    if (effect.proposal === null) return [vote];
    const { promises } = effect.proposal;
    return [
      vote,
      this.statements.of({ ...by, incarnations: [], ...what, ...this.demandOf(promises), promises: promises.length, kind: 'proposal' }),
    ];
  }

  private demandOf(promises: readonly { readonly head: CollectedPromise['head'] }[]): {
    readonly under: number;
    readonly demanded: number;
  } {
    let under = NO_BALLOT;
    let demanded = NO_VALUE;
    for (const { head } of promises) {
      const ballot = head.accepted === null ? NO_BALLOT : numberOf(head.accepted.ballot);
      if (head.accepted === null || ballot <= under) continue;
      under = ballot;
      demanded = this.concrete.numberOf(head.accepted.valueHash);
    }
    return { under, demanded };
  }

  /** The real account of a node. What peers have voted so far is not kept: the gateway can hand it over again at once. */
  private accountOf(node: LocalNode): AccountLog {
    const known = this.accounts.get(node.id);
    if (known !== undefined) return known;
    const { lastOk, promised, phase, roundBallot } = node;
    const confirmedValue = node.log[lastOk - FIRST_INDEX];
    const account: AccountLog = {
      ...this.concrete.decided(node.log),
      confirmation: confirmedValue === undefined ? null : this.concrete.confirmation(lastOk, confirmedValue),
      promised: promised === NO_BALLOT ? null : ballotOf(promised),
      accepted: this.acceptedOf(node),
      round: phase === 'none' ? null : this.roundOf(node, phase, ballotOf(roundBallot)),
    };
    this.accounts.set(node.id, account);
    return account;
  }

  private acceptedOf({ open, acceptedBallot, acceptedValue }: LocalNode): Accepted | null {
    if (acceptedBallot === NO_BALLOT) return null;
    const { bytes, hash } = this.concrete.value(acceptedValue);
    const proposal = this.concrete.proposersVote(open, acceptedBallot, acceptedValue).signed;
    return { ballot: ballotOf(acceptedBallot), value: bytes, valueHash: hash, proposal, basis: [] };
  }

  private roundOf(node: LocalNode, phase: Round['phase'], ballot: Ballot): Round {
    const { open, roundBallot, acceptedValue, demandedBallot, demandedValue } = node;
    const promises = phase === 'accept' ? this.concrete.promisesOf(open, roundBallot, node.promises, demandedBallot, demandedValue) : [];
    const proposal = phase === 'accept' ? { value: this.concrete.value(acceptedValue).bytes, promises } : null;
    return { phase, ballot, promises: [], proposal, refusals: [], startedAtMs: START_MS, atMs: START_MS };
  }

  private factsOf(before: NodeFacts, { promised, accepted, confirmation, round }: AccountLog): NodeFacts {
    const phase = phaseOf(promised, accepted, round);
    const demand = phase === 'accept' ? this.demandOf(round?.proposal?.promises ?? []) : { under: NO_BALLOT, demanded: NO_VALUE };
    return {
      ...before,
      lastOk: confirmation?.index ?? 0,
      promised: promised === null ? NO_BALLOT : numberOf(promised),
      acceptedBallot: accepted === null ? NO_BALLOT : numberOf(accepted.ballot),
      acceptedValue: accepted === null ? NO_VALUE : this.concrete.numberOf(accepted.valueHash),
      phase,
      roundBallot: phase === 'none' || round === null ? NO_BALLOT : numberOf(round.ballot),
      demandedBallot: demand.under,
      demandedValue: demand.demanded,
      promises: phase === 'accept' ? (round?.proposal?.promises.length ?? 0) : 0,
    };
  }
}

/** A round that something higher was promised in is over: from it a node can only begin a new one. */
function phaseOf(promised: Ballot | null, accepted: Accepted | null, round: Round | null): Phase {
  if (round === null || round.phase === 'backoff' || compareBallots(promised, round.ballot) > 0) return 'none';
  if (round.phase === 'accept' && compareBallots(accepted?.ballot ?? null, round.ballot) !== 0) return 'none';
  return round.phase;
}

export function numberOf({ round, node, incarnation }: Ballot): number {
  return ballotNumber(round, node, incarnation);
}

export function raised(incarnations: readonly number[], node: number, to: number): readonly number[] {
  return incarnations.map((known, i) => (i + 1 === node ? Math.max(known, to) : known));
}

/** A ballot names the life that may use it: the fence against earlier lives, and the model's own pruning, rest on that. */
function requireOwnLife(node: LocalNode, effect: LogEffect): void {
  const ballot = effect.kind === 'cast' && effect.proposal !== null ? effect.vote.ballot : effect.kind === 'prepare' ? effect.ballot : null;
  if (ballot !== null && ballot.incarnation !== node.own) throw new Violation('a ballot of another life is used');
}
