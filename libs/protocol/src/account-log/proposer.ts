import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { equal } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import { encodeLogValue, logValueHash, parseLogValue, type LogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { findQuorum } from '../vote/quorum.js';
import { accept, cast, demandedBy, judge, promise } from './acceptor.js';
import { lastOkOf, type Accepted, type CollectedPromise, type Proposal, type Wanted } from './account-log.js';
import { findMark } from './apply-value.js';
import type { Step } from './step.js';

/** A round without an answer is sent again after this, for as long as anybody may still wait for it. */
const RESEND_AFTER_MS = 120;
const GIVE_UP_AFTER_MS = 3_000;
const BACKOFF_STEP_MS = 25;

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
  const wanted = nextWanted(step);
  if (wanted === null) return;
  if (ownsBallotZero(step)) {
    const ballot = { round: 0, node: step.context.self, incarnation: 1 };
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
  if (compareBallots(head.ballot, round.ballot) !== 0) return;
  const promises = [...round.promises.filter(({ head: old }) => old.node !== head.node), received];
  step.set({ round: { ...round, promises } });
  const quorum = findQuorum(promises, step.context.roster.q);
  if (quorum === null || compareBallots(step.account.promised, round.ballot) > 0) return;
  proposeAfterPromises(step, round.ballot, quorum);
}

export function learnNack(step: Step, index: number, promised: Ballot): void {
  const round = step.account.round;
  if (round === null || index !== step.openIndex || compareBallots(promised, round.ballot) <= 0) return;
  const { self, roster, nowMs } = step.context;
  const waitMs = BACKOFF_STEP_MS * (1 + ((self + promised.round) % roster.n));
  const ballot = { ...round.ballot, round: Math.max(round.ballot.round, promised.round) };
  step.set({ round: { ...round, phase: 'backoff', ballot, promises: [], atMs: nowMs + waitMs } });
}

/** When so many refuse that q can no longer agree, the submitters learn why. The value stays accepted here: a later ballot may need it. */
export function learnRefusal(step: Step, from: number, index: number, ballot: Ballot, error: VaultError): void {
  const round = step.account.round;
  if (round === null || index !== step.openIndex || compareBallots(ballot, round.ballot) !== 0) return;
  const refusals = [...round.refusals.filter(({ node }) => node !== from), { node: from, error }];
  step.set({ round: { ...round, refusals } });
  const { n, q } = step.context.roster;
  if (n - refusals.length < q) giveUp(step, error);
}

/** Sends a late round again, and takes a higher ballot when that does not help. */
export function tickRound(step: Step): void {
  const round = step.account.round;
  const { nowMs } = step.context;
  if (round === null) return;
  if (nowMs - round.startedAtMs >= GIVE_UP_AFTER_MS) {
    giveUp(step, new VaultError('FLEET_UNAVAILABLE', 'no quorum answered in time'));
    return;
  }
  if (round.phase === 'backoff') {
    if (nowMs >= round.atMs) prepare(step);
    return;
  }
  if (nowMs - round.atMs < RESEND_AFTER_MS) return;
  step.set({ round: { ...round, atMs: nowMs } });
  const { accepted } = step.account;
  if (round.phase === 'accept' && accepted !== null && compareBallots(accepted.ballot, round.ballot) === 0) {
    cast(step, accepted, parseLogValue(accepted.value), round.proposal);
  } else if (round.phase === 'prepare' && compareBallots(step.account.promised, round.ballot) === 0) {
    step.emit({ kind: 'prepare', index: step.openIndex, ballot: round.ballot });
    promise(step, round.ballot);
  } else {
    prepare(step);
  }
}

function giveUp(step: Step, error: VaultError): void {
  for (const { id } of step.account.wanted) step.emit({ kind: 'refused', id, error });
  step.set({ wanted: [], round: null });
}

/** Ballot 0 is free for the home node in its first incarnation, once, while it has promised nothing else here (PROTOCOL 4.2). */
function ownsBallotZero(step: Step): boolean {
  const { account, context } = step;
  if (step.ownIncarnation !== 1 || account.promised !== null || account.accepted !== null) return false;
  return rankNodes(account.uid, context.roster)[0] === context.self;
}

/** Takes over the open index with a ballot above all that this node has seen. */
function prepare(step: Step): void {
  const { account, context } = step;
  const highest = Math.max(account.promised?.round ?? 0, account.round?.ballot.round ?? 0);
  const ballot = { round: highest + 1, node: context.self, incarnation: step.ownIncarnation };
  const startedAtMs = account.round?.startedAtMs ?? context.nowMs;
  step.set({ round: { phase: 'prepare', ballot, promises: [], proposal: null, refusals: [], startedAtMs, atMs: context.nowMs } });
  step.emit({ kind: 'prepare', index: step.openIndex, ballot });
  promise(step, ballot);
}

function proposeAfterPromises(step: Step, ballot: Ballot, quorum: readonly CollectedPromise[]): void {
  const demanded = demandedBy(quorum);
  if (demanded === null) {
    const wanted = nextWanted(step);
    if (wanted === null) step.set({ round: null });
    else propose(step, ballot, { value: encodeLogValue(valueFor(step, wanted)), promises: quorum });
    return;
  }
  const value = quorum.find((promise) => promise.value !== null && equal(logValueHash(promise.value), demanded.valueHash))?.value;
  if (value === undefined || value === null) return;
  const error = judge(step, parseLogValue(value), false, false);
  if (error === null) propose(step, ballot, { value, promises: quorum });
  else giveUp(step, error);
}

function propose(step: Step, ballot: Ballot, proposal: Proposal): void {
  const { nowMs } = step.context;
  const accepted: Accepted = { ballot, value: proposal.value, valueHash: logValueHash(proposal.value), proposal: null };
  const startedAtMs = step.account.round?.startedAtMs ?? nowMs;
  step.set({ round: { phase: 'accept', ballot, promises: [], proposal, refusals: [], startedAtMs, atMs: nowMs } });
  accept(step, accepted, parseLogValue(proposal.value), proposal);
}

/** The first wanted entry that may be proposed now. One that is accepted here already was judged then, and is not judged again. */
function nextWanted(step: Step): Wanted | null {
  const { accepted } = step.account;
  const acceptedId = accepted === null ? null : entryId(parseLogValue(accepted.value).entry.core);
  for (const wanted of step.account.wanted) {
    if (acceptedId !== null && equal(acceptedId, wanted.id)) return wanted;
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
