import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { equal } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { findQuorum } from '../vote/quorum.js';
import { accept, basisOf, promise } from './acceptor.js';
import { lastOkOf, valueOfAccepted, type Accepted, type CollectedPromise, type Proposal, type Round, type Wanted } from './account-log.js';
import { findMark } from './apply-value.js';
import { choosePromises, type ChosenPromises } from './choose-promises.js';
import { isPromiseFor } from './demand.js';
import { reportEquivocation } from './equivocation.js';
import { judge } from './judge-step.js';
import { isProposable, note } from './note.js';
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
  if (round === null || round.phase !== 'prepare') return;
  if (!isPromiseFor(received, step.account.uid, step.openIndex, round.ballot)) return;
  const others = round.promises.filter(({ head: old }) => old.node !== head.node);
  if (received.proof !== null) {
    const known = [...others, ...step.account.seen.map(({ vote }) => ({ proof: vote }))].flatMap(({ proof }) => proof ?? []);
    reportEquivocation(step, known, received.proof);
  }
  const promises = [...others, received];
  step.set({ round: { ...round, promises } });
  if (compareBallots(step.account.promised, round.ballot) > 0) return;
  const chosen = choosePromises(proposable(step, promises), step.account.uid, step.context.roster);
  if (chosen !== null) proposeAfterPromises(step, round.ballot, chosen);
}

/**
 * q answered, but what they report is known to too few: this node takes it over and asks again, and so do those that it
 * asks (PROTOCOL 4.2). Not at once: q others may still answer.
 * @returns whether it asked again
 */
export function prepareWithReport(step: Step, { promises }: Round): boolean {
  if (findQuorum(proposable(step, promises), step.context.roster.q) === null) return false;
  const highestFirst = [...promises].sort((a, b) => compareBallots(b.head.accepted?.ballot ?? null, a.head.accepted?.ballot ?? null));
  if (!highestFirst.some((one) => note(step, one))) return false;
  prepare(step);
  return true;
}

function proposable(step: Step, promises: readonly CollectedPromise[]): readonly CollectedPromise[] {
  return promises.filter((one) => isProposable(step, one));
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

function proposeAfterPromises(step: Step, ballot: Ballot, { promises, demand }: ChosenPromises): void {
  if (demand.kind === 'value') {
    const value = promises.find(({ head }) => head.accepted !== null && equal(head.accepted.valueHash, demand.valueHash))?.value;
    if (value !== null && value !== undefined) propose(step, ballot, { value, promises });
    return;
  }
  const wanted = nextWanted(step);
  if (wanted === null) step.set({ round: null });
  else propose(step, ballot, { value: encodeLogValue(valueFor(step, wanted)), promises });
}

function propose(step: Step, ballot: Ballot, proposal: Proposal): void {
  const { nowMs } = step.context;
  const { value } = proposal;
  const accepted: Accepted = { ballot, value, valueHash: logValueHash(value), proposal: null, basis: basisOf(step, ballot, proposal) };
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
