import type { Log } from '@strongroom/platform';
import {
  compareBallots,
  firstRound,
  memberKey,
  openBasis,
  openBatch,
  openPromise,
  readPromise,
  readVote,
  VaultError,
  type CollectedPromise,
  type Confirmation,
  type FleetRoster,
  type SignatureVerifier,
  type SignedBatch,
  type SignedStatement,
} from '@strongroom/protocol';
import { standingOf } from './chain.js';
import type { EntryVetting } from './entry-vetting.js';
import type { LogEngine } from './log-engine.js';
import type { BatchMessage } from './outgoing-batch.js';

export interface BatchInboxOptions {
  readonly engine: LogEngine;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly verifier: SignatureVerifier;
  readonly vetting: EntryVetting;
  readonly log: Log;
  /** Two batches of one node in one place: a clone, or a liar. */
  readonly onFork: (node: number) => void;
}

/** Rivals raise a round by one each: whoever is further behind learns it from their signed promises. */
const MAX_NACK_STEP = 256;

/** Checks what peers broadcast and hands it to the log. Whatever does not hold is dropped and logged, never believed. */
export class BatchInbox {
  constructor(private readonly options: BatchInboxOptions) {}

  receive(message: BatchMessage): void {
    if (message.node === this.options.self) return;
    try {
      memberKey(this.options.roster, message.node);
      const opened = message.signed === null ? null : this.open(message, message.signed);
      this.takeConfirmations(message);
      if (opened !== null) this.takeStatements(message, opened);
      this.takeHints(message);
    } catch (error) {
      this.drop('batch.dropped', message.node, error);
    }
  }

  /** @returns null for a batch that is fenced: its incarnation is over (PROTOCOL 7.3) */
  private open(message: BatchMessage, signed: NonNullable<BatchMessage['signed']>): SignedBatch | null {
    const { engine, roster, verifier } = this.options;
    const head = { node: message.node, incarnation: message.incarnation, sequence: signed.sequence, previous: signed.previous };
    const batch = openBatch(roster, head, signed.statements, signed.signature, verifier);
    const standing = standingOf(engine.chain, head, batch.hash);
    if (standing === 'forked') this.options.onFork(message.node);
    if (standing === 'fenced') return null;
    if (standing === 'new') engine.see(head.node, { incarnation: head.incarnation, sequence: head.sequence, hash: batch.hash });
    return batch;
  }

  private takeStatements(message: BatchMessage, batch: SignedBatch): void {
    const proposals = new Map(message.proposals.map((proposal) => [proposal.leaf, proposal]));
    const reports = new Map(message.reports.map((report) => [report.leaf, report]));
    for (const [leaf, signed] of batch.statements.entries()) {
      const report = reports.get(leaf);
      const taken = report === undefined ? this.takeVote(signed, proposals.get(leaf)) : this.takePromise(signed, report);
      void taken.catch((error: unknown) => this.drop('statement.dropped', signed.node, error));
    }
  }

  /** A promise for the sender's own ballot is its prepare; one for this node's ballot is the answer to its own. */
  private async takePromise(signed: SignedStatement, { accepted }: BatchMessage['reports'][number]): Promise<void> {
    const { engine, roster, verifier, self, vetting } = this.options;
    const basis = openBasis(accepted?.basis ?? [], roster, verifier);
    const promise = { ...readPromise(signed, accepted?.proof ?? null, roster, verifier), value: accepted?.value ?? null, basis };
    const { uid, ballot, node } = promise.head;
    if (ballot.node === node) await this.takePrepare(promise);
    if (ballot.node !== self) return;
    // This node may have to propose the value: it is vetted like one that the gateway submits.
    if (accepted !== null) await vetting.vet(uid, accepted.value, node);
    engine.feed(uid, { kind: 'promise', promise });
  }

  /** What comes with the promises that it rests on is vetted like a proposal and may be taken over; the prepare does not wait for it. */
  private async takePrepare(promise: CollectedPromise): Promise<void> {
    const { engine, vetting } = this.options;
    const { uid, index, ballot, node } = promise.head;
    const prepare = { kind: 'prepare' as const, from: node, index, ballot };
    engine.feed(uid, prepare);
    if (promise.value === null || promise.basis.length === 0) return;
    await vetting.vet(uid, promise.value, node);
    engine.feed(uid, { ...prepare, report: promise });
  }

  private async takeVote(signed: SignedStatement, proposal: BatchMessage['proposals'][number] | undefined): Promise<void> {
    const { engine, roster, verifier, vetting } = this.options;
    const vote = readVote(signed, roster);
    const { uid, node } = vote.head;
    if (proposal === undefined) {
      engine.feed(uid, { kind: 'vote', vote, proposal: null });
      return;
    }
    const promises = proposal.promises.map((promise) => openPromise(promise.signed, promise.proof, roster, verifier));
    const vetted = await vetting.vet(uid, proposal.value, node);
    engine.feed(uid, { kind: 'vote', vote, proposal: { value: proposal.value, promises, ...vetted } });
  }

  private drop(event: string, node: number, error: unknown): void {
    if (!(error instanceof VaultError)) throw error;
    this.options.log.warn({ event, node, code: error.code, reason: error.message });
  }

  private takeConfirmations(message: BatchMessage): void {
    const carried = [...message.proposals, ...message.reports, ...message.refusals].map(({ confirmation }) => confirmation);
    for (const confirmation of [...carried, ...message.confirmations]) if (confirmation !== null) this.takeConfirmation(confirmation);
  }

  private takeConfirmation(confirmation: Confirmation): void {
    const known = this.options.engine.account(confirmation.uid).confirmation;
    if ((known?.index ?? 0) < confirmation.index) this.options.engine.feed(confirmation.uid, { kind: 'confirm', confirmation });
  }

  /**
   * Unsigned: they can cost a proposer time, which the bus can too, and nothing else. So a nack lifts a round only a
   * little above what this node has promised on disk: a leap would take it out of reach of the other nodes for good.
   */
  private takeHints(message: BatchMessage): void {
    const { engine, roster, self } = this.options;
    const from = message.node;
    for (const { uid, index, promised } of message.nacks) {
      const { promised: own, round } = engine.account(uid);
      if (round !== null && promised.round <= Math.max(own?.round ?? 0, firstRound(roster.epoch)) + MAX_NACK_STEP)
        engine.feed(uid, { kind: 'nack', from, index, promised });
    }
    for (const { uid, index, ballot, code, message: text, retryAtMs } of message.refusals) {
      if (ballot.node !== self || compareBallots(ballot, engine.account(uid).round?.ballot ?? null) !== 0) continue;
      const error = new VaultError(code, text, retryAtMs === undefined ? {} : { retryAtMs });
      engine.feed(uid, { kind: 'refusal', from, index, ballot, error });
    }
  }
}
