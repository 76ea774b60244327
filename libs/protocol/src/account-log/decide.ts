import { compareBallots, maxBallot } from '../ballot/ballot.js';
import { answerPrepare } from './acceptor.js';
import type { Accepted, AccountLog } from './account-log.js';
import { confirm } from './confirm.js';
import { learnSet, learnVote } from './learner.js';
import type { LogContext, LogEffect, LogInput } from './log-message.js';
import { learnPromise, submit } from './proposer.js';
import { learnNack, learnRefusal, tickRound } from './round.js';
import { Step } from './step.js';

export interface Decision {
  readonly account: AccountLog;
  readonly effects: readonly LogEffect[];
}

/**
 * The account's log at one node: proposer, acceptor and learner of PROTOCOL 4 as one pure function. The caller puts
 * the account on disk before anybody sees `cast`, `promise` or `confirmed`, and hands this node's own statements back
 * as inputs only then.
 */
export function decide(account: AccountLog, input: LogInput, context: LogContext): Decision {
  const step = new Step(account, context);
  take(step, input);
  return { account: step.account, effects: step.effects };
}

function take(step: Step, input: LogInput): void {
  switch (input.kind) {
    case 'submit':
      return submit(step, { id: input.id, entry: input.entry, tokenExpired: input.tokenExpired });
    case 'prepare':
      return answerPrepare(step, input.from, input.index, input.ballot, input.report ?? null);
    case 'promise':
      return learnPromise(step, input.promise);
    case 'vote':
      return learnVote(step, { vote: input.vote, proposal: input.proposal });
    case 'nack':
      return learnNack(step, input.index, input.promised);
    case 'refusal':
      return learnRefusal(step, input.from, input.index, input.ballot, input.error);
    case 'set':
      return learnSet(step, input.index, input.value, input.logValue, input.votes);
    case 'confirm':
      return confirm(step, input.confirmation);
    case 'adopt':
      return adopt(step, input.index, input.promised, input.accepted);
    case 'tick':
      return tickRound(step);
  }
}

/** What a rejoining node takes over from its peers: the highest ballot promised and the highest accepted (PROTOCOL 7.3). */
function adopt(step: Step, index: number, promised: AccountLog['promised'], accepted: Accepted | null): void {
  if (index !== step.openIndex) return;
  const own = step.account;
  const higher = compareBallots(accepted?.ballot ?? null, own.accepted?.ballot ?? null) > 0;
  const bound = maxBallot(promised, accepted?.ballot ?? null);
  step.set({ promised: maxBallot(own.promised, bound), accepted: higher ? accepted : own.accepted });
}
