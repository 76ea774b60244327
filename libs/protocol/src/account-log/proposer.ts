import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import { encodeLogValue, logValueHash, parseLogValue, type LogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { findQuorum } from '../vote/quorum.js';
import { accept, demandedBy, judge, promise } from './acceptor.js';
import { lastOkOf, valueOfAccepted, type Accepted, type CollectedPromise, type Proposal, type Wanted } from './account-log.js';
import { findMark } from './apply-value.js';
import type { Step } from './step.js';

/** Asked to propose an entry: once decided, or already on its way, it costs nothing more (PROTOCOL 6.4). */
export function submit(step: Step, wanted: Wanted): void {
  const mark = findMark(step.account.state, wanted.id);
  if (mark !== null) {
    step.emit({ kind: 'known', id: wanted.id, index: mark.index });
    return;
  }
  if (!step.account.wanted.some(({ id }) => equal(id, wanted.id))) step.set({ wanted: [...step.account.wanted, wanted] });
  if (step.account.round === null) proposeNext(step);
}

/** Starts on the next entry that may be proposed; refuses those that may not. */
export function proposeNext(step: Step): void {
  const wanted = acceptedWanted(step) ?? nextWanted(step);
  if (wanted === null) return;
  if (ownsBallotZero(step)) {
    const ballot = { round: step.firstRound, node: step.context.self, incarnation: 1 };
    propose(step, ballot, { value: encodeLogValue(valueFor(step, wanted)), promises: [] });
  } else {
    prepare(step);
  }
}

/** Collects promises; with q of them proposes what they demand, or, free to choose, the entry wanted here. */
export function learnPromise(step: Step, received: CollectedPromise): void {
  const round = step.account.round;
  const { head } = received;
  if (round === null || round.phase !== 'prepare' || head.index !== step.openIndex) return;
  if (compareBallots(head.ballot, round.ballot) !== 0 || !equal(head.uid, step.account.uid)) return;
  const promises = [...round.promises.filter(({ head: old }) => old.node !== head.node), received];
  step.set({ round: { ...round, promises } });
  const quorum = findQuorum(
    promises.filter((one) => isUsable(step, one)),
    step.context.roster.q,
  );
  if (quorum === null || compareBallots(step.account.promised, round.ballot) > 0) return;
  proposeAfterPromises(step, round.ballot, quorum);
}

/** Takes over the open index with a ballot above all that this node has seen. */
export function prepare(step: Step): void {
  const { account, context } = step;
  const highest = Math.max(account.promised?.round ?? 0, account.round?.ballot.round ?? 0, step.firstRound);
  const ballot = { round: highest + 1, node: context.self, incarnation: step.ownIncarnation };
  const startedAtMs = account.round?.startedAtMs ?? context.nowMs;
  step.set({ round: { phase: 'prepare', ballot, promises: [], proposal: null, refusals: [], startedAtMs, atMs: context.nowMs } });
  step.emit({ kind: 'prepare', index: step.openIndex, ballot });
  promise(step, ballot);
}

/** Ballot 0 is free for the home node in its first incarnation, once, while it has promised nothing else and carries no value here (PROTOCOL 4.2, 7.5). */
function ownsBallotZero(step: Step): boolean {
  const { account, context } = step;
  if (step.ownIncarnation !== 1 || account.accepted !== null) return false;
  // What was promised in an earlier epoch binds nobody in this one.
  if (account.promised !== null && account.promised.round >= step.firstRound) return false;
  return rankNodes(account.uid, context.roster)[0] === context.self;
}

/**
 * A promise counts here only if this node could propose what it reports: one liar, or one confirmation that is still on
 * its way, must not keep an index from being decided by the others.
 */
function isUsable(step: Step, { head, value }: CollectedPromise): boolean {
  if (head.accepted === null) return true;
  if (value === null || !equal(logValueHash(value), head.accepted.valueHash)) return false;
  const logValue = readable(value);
  return logValue !== null && judge(step, logValue, false, false) === null;
}

function readable(value: Bytes): LogValue | null {
  try {
    return parseLogValue(value);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

/** @param quorum usable promises only */
function proposeAfterPromises(step: Step, ballot: Ballot, quorum: readonly CollectedPromise[]): void {
  const demanded = demandedBy(quorum);
  if (demanded !== null) {
    const value = quorum.find(({ head }) => head.accepted !== null && equal(head.accepted.valueHash, demanded.valueHash))?.value;
    if (value !== null && value !== undefined) propose(step, ballot, { value, promises: quorum });
    return;
  }
  const wanted = nextWanted(step);
  if (wanted === null) step.set({ round: null });
  else propose(step, ballot, { value: encodeLogValue(valueFor(step, wanted)), promises: quorum });
}

function propose(step: Step, ballot: Ballot, proposal: Proposal): void {
  const { nowMs } = step.context;
  const accepted: Accepted = { ballot, value: proposal.value, valueHash: logValueHash(proposal.value), proposal: null };
  const startedAtMs = step.account.round?.startedAtMs ?? nowMs;
  step.set({ round: { phase: 'accept', ballot, promises: [], proposal, refusals: [], startedAtMs, atMs: nowMs } });
  accept(step, accepted, valueOfAccepted(accepted), proposal);
}

/** An entry that is accepted here already was judged then: it is taken up again, not judged by today's clock. */
function acceptedWanted(step: Step): Wanted | null {
  const { accepted, wanted } = step.account;
  if (accepted === null) return null;
  const acceptedId = entryId(valueOfAccepted(accepted).entry.core);
  return wanted.find(({ id }) => equal(id, acceptedId)) ?? null;
}

/** The first wanted entry that may be proposed now, by a free choice. */
function nextWanted(step: Step): Wanted | null {
  for (const wanted of step.account.wanted) {
    const error = judge(step, valueFor(step, wanted), wanted.tokenExpired, true);
    if (error === null) return wanted;
    step.emit({ kind: 'refused', id: wanted.id, error });
    step.set({ wanted: step.account.wanted.filter(({ id }) => !equal(id, wanted.id)) });
  }
  return null;
}

function valueFor(step: Step, wanted: Wanted): LogValue {
  return { stampMs: step.context.nowMs, lastOk: lastOkOf(step.account), entry: wanted.entry };
}
