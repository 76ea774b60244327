import { peerRejoin, peerState, peerStatePage, type RequestOf } from '@strongroom/contracts';
import { decodeMessage, type Log } from '@strongroom/platform';
import {
  equal,
  memberKey,
  VaultError,
  type Bytes,
  type FleetRoster,
  type LogInput,
  type RandomSource,
  type SignatureVerifier,
  type Signer,
} from '@strongroom/protocol';
import type { z } from 'zod';
import { seenOf, type ChainMark } from '../log/chain.js';
import type { LogEngine } from '../log/log-engine.js';
import { pauseUntil } from '../roster/pause.js';
import { openSummary, type AccountSummary } from './adoption.js';
import type { CatchUp } from './catch-up.js';
import type { Hearsay } from './hearsay.js';
import type { PeerCalls } from './peer-calls.js';
import { ReportedValues } from './reported-values.js';
import { STATE_PAGE_BYTES } from './state-page.js';
import { parseRejoinAnswer, rejoinQuestionMessage, statePageMessage, type RejoinAnswer, type RejoinSubject } from './rejoin-message.js';

export interface RejoinOptions {
  readonly engine: LogEngine;
  readonly peers: PeerCalls;
  readonly catchUp: CatchUp;
  readonly hearsay: Hearsay;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly signer: Signer;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  readonly log: Log;
  readonly onRollback: () => void;
  readonly signal: AbortSignal;
}

const RETRY_MS = 200;
const MAX_INCARNATION_STEP = 65_536;
/** A peer that lies about others must not bring them to the end of their numbers: no node restarts this often. */
const MAX_HEARSAY_STEP = 1_048_576;

type StatePage = z.output<typeof peerStatePage>;

/** A peer knows this incarnation, or a higher one, already. */
class IncarnationTaken extends Error {
  constructor(
    readonly highest: number,
    /** Whether the peer has seen a batch of it: one that this node does not remember. */
    readonly used: boolean,
  ) {
    super(`incarnation ${highest} is taken`);
  }
}

/** One question: whoever answers later than q others, or without end, is not waited for. */
interface Question {
  readonly request: RequestOf<typeof peerRejoin>;
  readonly last: ChainMark;
  readonly underWay: Set<number>;
  readonly answeredBy: Set<number>;
  readonly reported: ReportedValues;
  /** What was reported is on its way to the disk. */
  finishing: boolean;
  over: boolean;
}

/**
 * A starting node cannot know whether its disk is the newest it ever wrote: before it takes part it asks q peers under
 * a higher incarnation and takes over what they have seen (PROTOCOL 7.3). While fewer than q peers answer it waits.
 */
export class Rejoin {
  private rolledBack = false;

  constructor(private readonly options: RejoinOptions) {}

  async run(): Promise<void> {
    const { engine, roster, self, random, signal } = this.options;
    const last = engine.chain.own;
    for (let incarnation = last.incarnation + 1; ;) {
      signal.throwIfAborted();
      await engine.beginIncarnation(incarnation);
      const subject = { fleetId: roster.fleetId, epoch: roster.epoch, node: self, incarnation, nonce: random.bytes(32) };
      try {
        await this.askUntilQuorum(subject, last);
        await engine.settled();
        return;
      } catch (error) {
        if (!(error instanceof IncarnationTaken)) throw error;
        if (error.used || error.highest > incarnation) this.reportRollback();
        incarnation = error.highest + 1;
      }
    }
  }

  /** Asks one question, again and again, until q peers have answered it and handed over what they hold. */
  private async askUntilQuorum(subject: RejoinSubject, last: ChainMark): Promise<void> {
    const { peers, roster, signer, signal } = this.options;
    const request = { ...subject, signature: signer.sign(rejoinQuestionMessage(subject)) };
    const question: Question = {
      request,
      last,
      underWay: new Set(),
      answeredBy: new Set(),
      reported: new ReportedValues(roster),
      finishing: false,
      over: false,
    };
    try {
      await new Promise<void>((resolve, reject) => {
        const askAgain = async (): Promise<void> => {
          while (!question.over) {
            signal.throwIfAborted();
            for (const node of peers.others) {
              this.askOne(node, question)
                .then(() => this.finish(question))
                .then((finished) => finished && resolve(), reject);
            }
            await pauseUntil(signal)(RETRY_MS);
          }
        };
        askAgain().catch(reject);
      });
    } finally {
      question.over = true;
    }
  }

  /** With q peers, and for an account where one of them signed two values q without that one. @returns whether it is over */
  private async finish(question: Question): Promise<boolean> {
    const { roster, engine, log } = this.options;
    const { answeredBy, reported } = question;
    if (question.finishing || answeredBy.size < roster.q) return false;
    const adopted = reported.choose([...answeredBy], (uid) => engine.account(uid));
    if (adopted === null) return false;
    question.finishing = true;
    try {
      for (const { uid, index, accepted } of adopted) {
        const input: LogInput = { kind: 'adopt', index, promised: null, accepted };
        await engine.post(uid, input);
      }
      return true;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      log.warn({ event: 'rejoin.not-stored', code: error.code, reason: error.message });
      return false;
    } finally {
      question.finishing = false;
    }
  }

  private async askOne(node: number, question: Question): Promise<void> {
    const { underWay, answeredBy } = question;
    if (underWay.has(node) || answeredBy.has(node)) return;
    underWay.add(node);
    try {
      const answer = await this.ask(node, question.request, question.request);
      if (answer !== null && (await this.takeOver(answer, question))) answeredBy.add(node);
    } finally {
      underWay.delete(node);
    }
  }

  private async ask(node: number, request: RequestOf<typeof peerRejoin>, subject: RejoinSubject): Promise<RejoinAnswer | null> {
    const { peers, roster, verifier, log } = this.options;
    try {
      const { answer, signature } = await peers.ask(peerRejoin, node, request);
      const parsed = parseRejoinAnswer(answer);
      const mine = parsed.answerer === node && parsed.incarnation === subject.incarnation && equal(parsed.nonce, subject.nonce);
      if (!mine || parsed.node !== subject.node || !verifier.verify(memberKey(roster, node), answer, signature)) {
        throw new VaultError('NODE_MISBEHAVED', 'the rejoin answer is not this peer’s for this question', { node });
      }
      return parsed;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      const highest = error.metadata['incarnation'];
      // A refusal is not signed: it may send this node a little higher, never back and never to the end of the numbers.
      const near = typeof highest === 'number' && highest >= subject.incarnation && highest < subject.incarnation + MAX_INCARNATION_STEP;
      if (error.code === 'CONFLICT' && near) throw new IncarnationTaken(highest, error.metadata['sequence'] !== 0);
      log.debug({ event: 'rejoin.peer-silent', node, code: error.code });
      return null;
    }
  }

  /** Takes the maximum of what this node and the peer know. @returns false when the peer stopped answering meanwhile */
  private async takeOver(answer: RejoinAnswer, question: Question): Promise<boolean> {
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

  private reportRollback(): void {
    if (!this.rolledBack) this.options.onRollback();
    this.rolledBack = true;
  }
}
