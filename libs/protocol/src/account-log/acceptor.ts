import { compareBallots, isLeap, maxBallot, type Ballot } from '../ballot/ballot.js';
import { epochOfRound } from '../ballot/epoch-rounds.js';
import { equal } from '../encoding/bytes.js';
import type { LogValue } from '../entry/log-value.js';
import { logValueHash } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import type { Vote } from '../vote/vote.js';
import { lastOkOf, type Accepted, type CollectedPromise, type Proposal, type ReceivedProposal, type VerifiedVote } from './account-log.js';
import { settledState, spentAttempts } from './account-state.js';
import { applyValue } from './apply-value.js';
import { demandedBy, isBallotZero, needsBasis } from './demand.js';
import { reportEquivocation } from './equivocation.js';
import { judge } from './judge-step.js';
import { asEvidence, note } from './note.js';
import type { Step } from './step.js';

/**
 * Phase one: promise to accept nothing lower, and say what was accepted (PROTOCOL 4.2).
 * @param report the proposer's own promise, when the promises behind what it reports go with it
 */
export function answerPrepare(step: Step, from: number, index: number, ballot: Ballot, report: CollectedPromise | null): void {
  if (!isOpen(step, from, index)) return;
  if (ballot.node !== from || ballot.round === step.firstRound || !isOfThisEpoch(step, ballot)) return;
  if (isLeap(Math.max(step.account.promised?.round ?? 0, step.firstRound), ballot.round)) return;
  if (compareBallots(ballot, step.account.promised) < 0) {
    const promised = step.account.promised;
    if (promised !== null) step.emit({ kind: 'nack', index, promised });
    return;
  }
  if (report !== null) note(step, report);
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
  for (const [i, { proof }] of proposal.promises.entries()) {
    const before = proposal.promises.slice(0, i).flatMap((one) => one.proof ?? []);
    if (proof !== null) reportEquivocation(step, before, proof);
  }
  const error = refuse(step, vote.head, proposal);
  if (error !== null) {
    step.emit({ kind: 'refusal', index, ballot, error });
    return;
  }
  const basis = basisOf(step, ballot, proposal);
  accept(step, { ballot, value: proposal.value, valueHash, proposal: vote.signed, basis }, proposal.logValue, null);
}

/** What must go with later reports of the proposal. */
export function basisOf({ context }: Step, ballot: Ballot, { promises }: Proposal): Accepted['basis'] {
  return needsBasis(context.self, ballot, context.roster) ? promises.map(asEvidence) : [];
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

function refuse(step: Step, vote: Vote, proposal: ReceivedProposal): VaultError | null {
  const { context, account } = step;
  const { ballot } = vote;
  if (!isOfThisEpoch(step, ballot)) return new VaultError('CONFLICT', 'the ballot is of another epoch');
  if (ballot.round === step.firstRound) {
    if (!isBallotZero(ballot, account.uid, context.roster))
      return new VaultError('CONFLICT', 'ballot 0 belongs to the home node in its first incarnation');
    // Carried from an earlier epoch, it may have been decided there: only promises settle that (PROTOCOL 7.5).
    if (account.accepted !== null && !equal(account.accepted.valueHash, vote.valueHash))
      return new VaultError('CONFLICT', 'another value was accepted at this index in an earlier epoch');
    return judge(step, proposal.logValue, proposal.tokenExpired, true);
  }
  const demand = demandedBy(proposal.promises, vote, context.roster);
  if (demand === null) return new VaultError('CONFLICT', 'the proposal lacks q promises that count together');
  if (demand.kind === 'equivocator') return new VaultError('CONFLICT', 'one of the promises is by a node that signed two values');
  if (demand.kind === 'unbacked') return new VaultError('CONFLICT', 'too few nodes vouch for what the promises report');
  if (demand.kind === 'value' && !equal(demand.valueHash, vote.valueHash)) {
    return new VaultError('NODE_MISBEHAVED', 'the promises demand another value', { node: vote.node });
  }
  return judge(step, proposal.logValue, proposal.tokenExpired, demand.kind === 'free');
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
