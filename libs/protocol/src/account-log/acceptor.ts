import { compareBallots, isLeap, maxBallot, type Ballot } from '../ballot/ballot.js';
import { epochOfRound } from '../ballot/epoch-rounds.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import type { LogValue } from '../entry/log-value.js';
import { logValueHash } from '../entry/log-value.js';
import { invalid, VaultError } from '../errors/protocol-error.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { findQuorum } from '../vote/quorum.js';
import type { Vote } from '../vote/vote.js';
import { lastOkOf, type Accepted, type Proposal, type ReceivedProposal, type VerifiedPromise, type VerifiedVote } from './account-log.js';
import { settledState, spentAttempts } from './account-state.js';
import { applyValue } from './apply-value.js';
import { judgeValue } from './judge.js';
import type { Step } from './step.js';

/** Phase one: promise to accept nothing lower, and say what was accepted (PROTOCOL 4.2). */
export function answerPrepare(step: Step, from: number, index: number, ballot: Ballot): void {
  if (!isOpen(step, from, index)) return;
  if (ballot.node !== from || ballot.round === step.firstRound || !isOfThisEpoch(step, ballot)) return;
  if (isLeap(Math.max(step.account.promised?.round ?? 0, step.firstRound), ballot.round)) return;
  if (compareBallots(ballot, step.account.promised) < 0) {
    const promised = step.account.promised;
    if (promised !== null) step.emit({ kind: 'nack', index, promised });
    return;
  }
  promise(step, ballot);
}

export function promise(step: Step, ballot: Ballot): void {
  const { account, context } = step;
  const accepted = account.accepted;
  step.set({ promised: ballot });
  const head = { fleetId: context.roster.fleetId, epoch: context.roster.epoch, node: context.self, incarnations: context.incarnations };
  const report = accepted === null ? null : { ballot: accepted.ballot, valueHash: accepted.valueHash };
  const statement = { ...head, uid: account.uid, index: step.openIndex, ballot, accepted: report };
  step.emit({ kind: 'promise', promise: statement, accepted });
}

/** Phase two: accept a proposal that the rules allow, or say why not. At most one value per ballot. */
export function answerProposal(step: Step, vote: VerifiedVote, proposal: ReceivedProposal): void {
  const { ballot, index, valueHash } = vote.head;
  if (!isOpen(step, vote.head.node, index)) return;
  if (ballot.node !== vote.head.node || !equal(logValueHash(proposal.value), valueHash)) return;
  const { accepted, promised } = step.account;
  if (promised !== null && compareBallots(ballot, promised) < 0) {
    step.emit({ kind: 'nack', index, promised });
    return;
  }
  if (accepted !== null && compareBallots(accepted.ballot, ballot) === 0) {
    if (equal(accepted.valueHash, valueHash)) cast(step, accepted, proposal.logValue, null);
    return;
  }
  const error = refuse(step, vote.head, proposal);
  if (error !== null) {
    step.emit({ kind: 'refusal', index, ballot, error });
    return;
  }
  accept(step, { ballot, value: proposal.value, valueHash, proposal: vote.signed }, proposal.logValue, null);
}

/** Takes the value as accepted and votes for it. `proposal` goes along when this node proposes it itself. */
export function accept(step: Step, accepted: Accepted, logValue: LogValue, proposal: Proposal | null): void {
  step.set({ accepted, promised: maxBallot(step.account.promised, accepted.ballot) });
  cast(step, accepted, logValue, proposal);
}

/** Sent again it is the same vote, made by this node as it is now: the first may be lost, or be of an earlier incarnation. */
export function cast(step: Step, accepted: Accepted, logValue: LogValue, proposal: Proposal | null): void {
  const { account, context } = step;
  const after = applyValue(account.state, logValue, context.policy);
  const core = logValue.entry.core;
  const lastOk = lastOkOf(account);
  const settled = settledState(account.state, lastOk, logValue.stampMs, context.policy);
  const recordHash = core.kind === 'register' ? core.recordHash : (settled.active?.recordHash ?? new Uint8Array(32));
  const vote: Vote = {
    fleetId: context.roster.fleetId,
    epoch: context.roster.epoch,
    node: context.self,
    incarnations: context.incarnations,
    uid: account.uid,
    index: step.openIndex,
    ballot: accepted.ballot,
    valueHash: accepted.valueHash,
    spent: spentAttempts(after, lastOk),
    lastOk,
    recordHash,
  };
  step.emit({ kind: 'cast', vote, proposal });
}

/** The value that a quorum of promises demands: the one accepted at the highest ballot; null leaves the choice free. */
export function demandedBy(promises: readonly VerifiedPromise[]): { readonly ballot: Ballot; readonly valueHash: Bytes } | null {
  let highest: { readonly ballot: Ballot; readonly valueHash: Bytes } | null = null;
  for (const { head } of promises) {
    if (head.accepted !== null && compareBallots(head.accepted.ballot, highest?.ballot ?? null) > 0) highest = head.accepted;
  }
  return highest;
}

function refuse(step: Step, vote: Vote, proposal: ReceivedProposal): VaultError | null {
  const { context, account } = step;
  const { ballot } = vote;
  if (!isOfThisEpoch(step, ballot)) return new VaultError('CONFLICT', 'the ballot is of another epoch');
  if (ballot.round === step.firstRound) {
    const home = rankNodes(account.uid, context.roster)[0];
    if (ballot.node !== home || ballot.incarnation !== 1)
      return new VaultError('CONFLICT', 'ballot 0 belongs to the home node in its first incarnation');
    // Carried from an earlier epoch, it may have been decided there: only promises settle that (PROTOCOL 7.5).
    if (account.accepted !== null && !equal(account.accepted.valueHash, vote.valueHash))
      return new VaultError('CONFLICT', 'another value was accepted at this index in an earlier epoch');
    return judge(step, proposal.logValue, proposal.tokenExpired, true);
  }
  const members = proposal.promises.filter(
    ({ head }) => equal(head.uid, vote.uid) && head.index === vote.index && compareBallots(head.ballot, ballot) === 0,
  );
  const quorum = findQuorum(members, context.roster.q);
  if (quorum === null || members.length !== proposal.promises.length || quorum.length !== proposal.promises.length) {
    return new VaultError('CONFLICT', 'the proposal lacks q promises that count together');
  }
  const demanded = demandedBy(quorum);
  if (demanded !== null && !equal(demanded.valueHash, vote.valueHash)) {
    return new VaultError('NODE_MISBEHAVED', 'the promises demand another value', { node: vote.node });
  }
  return judge(step, proposal.logValue, proposal.tokenExpired, demanded === null);
}

export function judge(step: Step, logValue: LogValue, tokenExpired: boolean, freeChoice: boolean): VaultError | null {
  const { policy, verifier, nowMs, roster } = step.context;
  const { core } = logValue.entry;
  if (!equal(core.uid, step.account.uid) || core.fleetId !== roster.fleetId) return invalid('uid', 'is of another account or fleet');
  return judgeValue(step.account.state, logValue, { policy, verifier, nowMs, tokenExpired, freeChoice, lastOk: lastOkOf(step.account) });
}

/** Whoever works at a decided index is given the sets; whoever is ahead has sets that this node lacks (PROTOCOL 4.3). */
function isOpen(step: Step, from: number, index: number): boolean {
  if (index < step.openIndex) step.emit({ kind: 'laggard', node: from, fromIndex: index });
  if (index > step.openIndex) step.emit({ kind: 'lagging', node: from, fromIndex: step.openIndex });
  return index === step.openIndex;
}

function isOfThisEpoch(step: Step, ballot: Ballot): boolean {
  return epochOfRound(ballot.round) === step.context.roster.epoch;
}
