import { peerState, peerStatePage } from '@strongroom/contracts';
import { decodeMessage, type Log } from '@strongroom/platform';
import { memberKey, VaultError, type Bytes, type FleetRoster, type SignatureVerifier } from '@strongroom/protocol';
import type { z } from 'zod';
import { seenOf } from '../log/chain.js';
import type { LogEngine } from '../log/log-engine.js';
import { openSummary, type AccountSummary } from './adoption.js';
import type { CatchUp } from './catch-up.js';
import type { Hearsay } from './hearsay.js';
import type { PeerCalls } from './peer-calls.js';
import { statePageMessage, type RejoinAnswer } from './rejoin-message.js';
import type { Question } from './rejoin-question.js';
import { STATE_PAGE_BYTES } from './state-page.js';

export interface StateTakeoverOptions {
  readonly engine: LogEngine;
  readonly peers: PeerCalls;
  readonly catchUp: CatchUp;
  readonly hearsay: Hearsay;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly verifier: SignatureVerifier;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A peer that lies about others must not bring them to the end of their numbers: no node restarts this often. */
const MAX_HEARSAY_STEP = 1_048_576;

type StatePage = z.output<typeof peerStatePage>;

/** Takes over what a peer that answered holds, page by page, as far as it can be checked (PROTOCOL 7.3). */
export class StateTakeover {
  constructor(
    private readonly options: StateTakeoverOptions,
    private readonly reportRollback: () => void,
  ) {}

  /** Takes the maximum of what this node and the peer know. @returns false when the peer stopped answering meanwhile */
  async takeOver(answer: RejoinAnswer, question: Question): Promise<boolean> {
    const { engine, hearsay, log } = this.options;
    const { seen, incarnations, answerer } = answer;
    const { last } = question;
    if (question.over) return false;
    if (incarnations.some((incarnation, i) => incarnation > seenOf(engine.chain, i + 1).incarnation + MAX_HEARSAY_STEP)) {
      log.warn({ event: 'rejoin.peer-absurd', node: answerer });
      return false;
    }
    if (seen.incarnation > last.incarnation || (seen.incarnation === last.incarnation && seen.sequence > last.sequence))
      this.reportRollback();
    for (const [i, incarnation] of incarnations.entries()) {
      if (incarnation <= seenOf(engine.chain, i + 1).incarnation) continue;
      hearsay.note(engine.chain, i + 1, incarnation);
      engine.see(i + 1, { incarnation, sequence: 0, hash: new Uint8Array(32) });
    }
    try {
      for (let after: Bytes | null = null; ;) {
        const page: StatePage = await this.page(answer, after);
        for (const summary of page.accounts) await this.adopt(summary, answerer, question);
        if (question.over) return false;
        if (page.next === null) return true;
        after = page.next;
      }
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      log.warn({ event: 'rejoin.peer-lost', node: answerer, code: error.code, reason: error.message });
      return false;
    }
  }

  private async page({ answerer, nonce }: RejoinAnswer, after: Bytes | null): Promise<StatePage> {
    const { peers, roster, self, verifier, signal } = this.options;
    signal.throwIfAborted();
    const { page, signature } = await peers.ask(peerState, answerer, { node: self, nonce, after });
    if (!verifier.verify(memberKey(roster, answerer), statePageMessage(roster, answerer, nonce, page), signature)) {
      throw new VaultError('NODE_MISBEHAVED', 'a page of state is not signed by its peer', { node: answerer });
    }
    return decodeMessage(page, STATE_PAGE_BYTES, peerStatePage);
  }

  private async adopt(summary: AccountSummary, answerer: number, question: Question): Promise<void> {
    const { engine, catchUp, roster, verifier } = this.options;
    const { uid, index, confirmation, promised } = summary;
    const report = openSummary(summary, answerer, engine.account(uid).promised, roster, verifier);
    if (index > engine.account(uid).state.index) await catchUp.fetch(uid, answerer);
    if (index > engine.account(uid).state.index) throw new VaultError('FLEET_UNAVAILABLE', 'the peer did not hand over its decided sets');
    if (question.over) return;
    // Waited for: a peer whose word this node's disk refused has not answered yet.
    if (confirmation !== null) await engine.post(uid, { kind: 'confirm', confirmation });
    await engine.post(uid, { kind: 'adopt', index: index + 1, promised, accepted: null });
    if (report !== null) question.reported.note(uid, index + 1, report);
  }
}
