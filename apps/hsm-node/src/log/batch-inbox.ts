import type { Log } from '@strongroom/platform';
import {
  compareBallots,
  equal,
  memberKey,
  openBatch,
  openPromise,
  parseLogValue,
  readPromise,
  readVote,
  VaultError,
  type Bytes,
  type Confirmation,
  type FleetRoster,
  type LogValue,
  type PointCheck,
  type ReceivedProposal,
  type SignatureVerifier,
  type SignedBatch,
  type SignedStatement,
} from '@strongroom/protocol';
import type { EntryAuthority } from '../tokens/entry-authority.js';
import { standingOf } from './chain.js';
import type { LogEngine } from './log-engine.js';
import type { BatchMessage } from './outgoing-batch.js';

export interface BatchInboxOptions {
  readonly engine: LogEngine;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly verifier: SignatureVerifier;
  readonly authority: EntryAuthority;
  readonly isPoint: PointCheck;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Fetches record and share of a registration that this node missed; false when no peer could give them. */
  readonly obtainRecord: (uid: Bytes, recordHash: Bytes, from: number) => Promise<boolean>;
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
      if (!(error instanceof VaultError)) throw error;
      this.options.log.warn({ event: 'batch.dropped', node: message.node, code: error.code, reason: error.message });
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
    const { engine, roster, verifier } = this.options;
    const proposals = new Map(message.proposals.map((proposal) => [proposal.leaf, proposal]));
    const reports = new Map(message.reports.map((report) => [report.leaf, report]));
    for (const [leaf, signed] of batch.statements.entries()) {
      const report = reports.get(leaf);
      if (report !== undefined) {
        const promise = readPromise(signed, report.accepted?.proof ?? null, roster, verifier);
        const { uid, index, ballot, node } = promise.head;
        if (ballot.node === node) engine.feed(uid, { kind: 'prepare', from: node, index, ballot });
        else if (ballot.node === this.options.self) {
          engine.feed(uid, { kind: 'promise', promise: { ...promise, value: report.accepted?.value ?? null } });
        }
        continue;
      }
      const proposal = proposals.get(leaf);
      if (proposal === undefined) {
        const vote = readVote(signed, roster);
        engine.feed(vote.head.uid, { kind: 'vote', vote, proposal: null });
      } else {
        void this.takeProposal(signed, proposal);
      }
    }
  }

  /** The token of a proposed entry is checked here too, and its record fetched, before the log sees it (PROTOCOL 4.5, 5). */
  private async takeProposal(signed: SignedStatement, proposal: BatchMessage['proposals'][number]): Promise<void> {
    const { engine, roster, verifier, isPoint, log } = this.options;
    try {
      const vote = readVote(signed, roster);
      const logValue = parseLogValue(proposal.value, isPoint);
      const promises = proposal.promises.map((promise) => openPromise(promise.signed, promise.proof, roster, verifier));
      const tokenExpired = await this.checkEntry(vote.head.uid, logValue, vote.head.node);
      const received: ReceivedProposal = { value: proposal.value, promises, logValue, tokenExpired };
      engine.feed(vote.head.uid, { kind: 'vote', vote, proposal: received });
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      log.warn({ event: 'proposal.dropped', node: signed.node, code: error.code, reason: error.message });
    }
  }

  private async checkEntry(uid: Bytes, { entry }: LogValue, from: number): Promise<boolean> {
    const { authority, roster, nowMs, obtainRecord } = this.options;
    if (!equal(entry.core.uid, uid) || entry.core.fleetId !== roster.fleetId)
      throw new VaultError('REQUEST_INVALID', 'the entry is of another account or fleet');
    const standing = await authority.check(entry, nowMs());
    if (entry.core.kind === 'register' && !(await obtainRecord(uid, entry.core.recordHash, from))) {
      throw new VaultError('FLEET_UNAVAILABLE', 'the record of the registration is not here yet');
    }
    return standing === 'expired';
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
    const { engine, self } = this.options;
    const from = message.node;
    for (const { uid, index, promised } of message.nacks) {
      const { promised: own, round } = engine.account(uid);
      if (round !== null && promised.round <= (own?.round ?? 0) + MAX_NACK_STEP) engine.feed(uid, { kind: 'nack', from, index, promised });
    }
    for (const { uid, index, ballot, code, message: text, retryAtMs } of message.refusals) {
      if (ballot.node !== self || compareBallots(ballot, engine.account(uid).round?.ballot ?? null) !== 0) continue;
      const error = new VaultError(code, text, retryAtMs === undefined ? {} : { retryAtMs });
      engine.feed(uid, { kind: 'refusal', from, index, ballot, error });
    }
  }
}
