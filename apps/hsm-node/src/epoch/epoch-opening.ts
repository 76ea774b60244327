import { peerClosed, peerClosedState, peerStatePage } from '@strongroom/contracts';
import { decodeMessage, type Log } from '@strongroom/platform';
import {
  memberKey,
  VaultError,
  type Bytes,
  type FleetRoster,
  type RandomSource,
  type SignatureVerifier,
  type Signer,
} from '@strongroom/protocol';
import type { z } from 'zod';
import type { LogEngine } from '../log/log-engine.js';
import { openSummary, type AccountSummary } from '../peers/adoption.js';
import type { CatchUp } from '../peers/catch-up.js';
import type { PeerCalls } from '../peers/peer-calls.js';
import { ReportedValues, type AdoptedValue } from '../peers/reported-values.js';
import { STATE_PAGE_BYTES } from '../peers/state-page.js';
import { pauseUntil } from '../roster/pause.js';
import { closedMessage, closedPageMessage, closingQuestionMessage, type ClosingSubject } from './closing-message.js';
import type { EpochMarks } from './epoch-marks.js';

export interface EpochOpeningOptions {
  readonly engine: LogEngine;
  readonly peers: PeerCalls;
  readonly catchUp: Pick<CatchUp, 'fetch'>;
  readonly marks: EpochMarks;
  /** The fleet as it was. */
  readonly before: FleetRoster;
  /** The fleet as it will be, with its earlier epochs. */
  readonly next: FleetRoster & { readonly self: number };
  readonly signer: Signer;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const RETRY_MS = 200;

type StatePage = z.output<typeof peerStatePage>;

/**
 * Opens an epoch at this node: takes the maximum of what q nodes hold that have closed the one before. Any q of them
 * share a node with every q that decided something there, so whatever may have been decided is among it (PROTOCOL 7.5).
 */
export class EpochOpening {
  private readonly handedOver = new Set<number>();
  private readonly underWay = new Set<number>();
  private readonly reported: ReportedValues;
  private failure: Error | null = null;

  constructor(private readonly options: EpochOpeningOptions) {
    this.reported = new ReportedValues(options.next);
  }

  /** Resolves when q have handed over and all of it is on this node's disk; waits for that without end. */
  async run(): Promise<void> {
    const { signal, engine } = this.options;
    for (;;) {
      signal.throwIfAborted();
      if (this.failure !== null) throw this.failure;
      const carried = this.carried();
      if (carried !== null) {
        for (const { uid, index, accepted } of carried) await engine.post(uid, { kind: 'adopt', index, promised: null, accepted });
        break;
      }
      for (const node of this.closers()) void this.askOne(node);
      await pauseUntil(signal)(RETRY_MS);
    }
    await engine.settled();
  }

  /**
   * What q that closed leave accepted at the open indices, weighed as at a rejoin. This node's own state counts once it
   * has closed: then it remembers everything that it said in the epoch.
   * @returns null while another closer is needed
   */
  private carried(): readonly AdoptedValue[] | null {
    const { before, next, marks, engine } = this.options;
    const own = isMember(before, next, next.self) && marks.isClosed(before.epoch) ? [next.self] : [];
    const closed = [...this.handedOver, ...own];
    if (closed.length < before.q) return null;
    return this.reported.choose(closed, (uid) => engine.account(uid), own[0] ?? null);
  }

  /** Members of both epochs: whoever left has nobody who would listen to it. */
  private closers(): readonly number[] {
    const { before, next, peers } = this.options;
    return peers.others.filter((node) => isMember(before, next, node) && !this.handedOver.has(node) && !this.underWay.has(node));
  }

  private async askOne(node: number): Promise<void> {
    const { log } = this.options;
    this.underWay.add(node);
    try {
      await this.takeOver(node);
      this.handedOver.add(node);
    } catch (error) {
      if (!(error instanceof VaultError)) this.failure ??= error instanceof Error ? error : new Error('not an error', { cause: error });
      else log.debug({ event: 'epoch.peer-not-closed', node, code: error.code, reason: error.message });
    } finally {
      this.underWay.delete(node);
    }
  }

  private async takeOver(node: number): Promise<void> {
    const { peers, before, next, signer, verifier, random, signal } = this.options;
    const subject: ClosingSubject = { fleetId: next.fleetId, epoch: before.epoch, node: next.self, nonce: random.bytes(32) };
    const question = { ...subject, signature: signer.sign(closingQuestionMessage(subject)) };
    const { signature } = await peers.ask(peerClosed, node, question);
    if (!verifier.verify(memberKey(before, node), closedMessage(subject, node), signature))
      throw new VaultError('NODE_MISBEHAVED', 'the statement that the epoch is closed is not signed by its node', { node });
    for (let after: Bytes | null = null; ;) {
      signal.throwIfAborted();
      const page: StatePage = await this.page(subject, node, after);
      for (const summary of page.accounts) await this.adopt(summary, node);
      if (page.next === null) return;
      after = page.next;
    }
  }

  private async page(subject: ClosingSubject, node: number, after: Bytes | null): Promise<StatePage> {
    const { peers, before, verifier } = this.options;
    const { page, signature } = await peers.ask(peerClosedState, node, { node: subject.node, nonce: subject.nonce, after });
    if (!verifier.verify(memberKey(before, node), closedPageMessage(subject, node, page), signature))
      throw new VaultError('NODE_MISBEHAVED', 'a page of state is not signed by its node', { node });
    return decodeMessage(page, STATE_PAGE_BYTES, peerStatePage);
  }

  /** Promises of the epoch that ends bind nobody any more; what was accepted in it does. */
  private async adopt(summary: AccountSummary, node: number): Promise<void> {
    const { engine, catchUp, next, verifier } = this.options;
    const { uid, index, confirmation } = summary;
    const report = openSummary({ ...summary, promised: null }, node, null, next, verifier);
    if (index > engine.account(uid).state.index) await catchUp.fetch(uid, node);
    if (index > engine.account(uid).state.index) throw new VaultError('FLEET_UNAVAILABLE', 'the peer did not hand over its decided sets');
    if (confirmation !== null) await engine.post(uid, { kind: 'confirm', confirmation });
    if (report !== null) this.reported.note(uid, index + 1, report);
  }
}

/** Whether `node` is the same machine in both epochs: indices are kept, keys are not shared. */
export function isMember(before: FleetRoster, next: FleetRoster, node: number): boolean {
  const [then, now] = [before, next].map(({ members }) => members[node - 1]?.identityKey);
  return then !== undefined && now !== undefined && Buffer.compare(then, now) === 0;
}
