import { VaultError, type LogInput, type RandomSource, type Signer } from '@strongroom/protocol';
import type { ChainMark } from '../log/chain.js';
import { pauseUntil } from '../roster/pause.js';
import { askPeer, IncarnationTaken, newQuestion, type Question } from './rejoin-question.js';
import type { RejoinSubject } from './rejoin-message.js';
import { StateTakeover, type StateTakeoverOptions } from './state-takeover.js';

export interface RejoinOptions extends StateTakeoverOptions {
  readonly signer: Signer;
  readonly random: RandomSource;
  readonly onRollback: () => void;
}

const RETRY_MS = 200;

/**
 * A starting node cannot know whether its disk is the newest it ever wrote: before it takes part it asks q peers under
 * a higher incarnation and takes over what they have seen (PROTOCOL 7.3). While fewer than q peers answer it waits.
 */
export class Rejoin {
  private readonly state: StateTakeover;
  private rolledBack = false;

  constructor(private readonly options: RejoinOptions) {
    this.state = new StateTakeover(options, () => this.reportRollback());
  }

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
    const question = newQuestion(subject, last, roster, signer);
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
      const answer = await askPeer(node, question.request, this.options);
      if (answer !== null && (await this.state.takeOver(answer, question))) answeredBy.add(node);
    } finally {
      underWay.delete(node);
    }
  }

  private reportRollback(): void {
    if (!this.rolledBack) this.options.onRollback();
    this.rolledBack = true;
  }
}
