import { compareBallots } from '../ballot/ballot.js';
import type { SignedStatement } from '../batch/signed-statement.js';
import { equal, toHex, type Bytes } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import type { LogValue } from '../entry/log-value.js';
import { parseLogValue } from '../entry/log-value.js';
import { findQuorum } from '../vote/quorum.js';
import type { SeenVote } from './account-log.js';
import { answerProposal } from './acceptor.js';
import { applyValue } from './apply-value.js';
import { proposeNext } from './proposer.js';
import type { Step } from './step.js';

/** Votes kept for indices ahead of the open one; whoever floods more loses the oldest, and catches up by sets. */
const MAX_SEEN = 64;

/** Counts a vote; if it is the proposer's own, answers the proposal first. */
export function learnVote(step: Step, seen: SeenVote): void {
  const { head } = seen.vote;
  if (head.index < step.openIndex) {
    if (seen.proposal !== null) step.emit({ kind: 'laggard', node: head.node, fromIndex: head.index });
    return;
  }
  reportEquivocation(step, seen);
  remember(step, seen);
  if (head.index > step.openIndex) {
    step.emit({ kind: 'lagging', node: head.node, fromIndex: step.openIndex });
    return;
  }
  if (seen.proposal !== null && head.node !== step.context.self) answerProposal(step, seen.vote, seen.proposal);
  tally(step);
}

/** A decided set that a peer or the gateway carried: checked by the caller, it decides like votes seen. */
export function learnSet(step: Step, index: number, value: Bytes, logValue: LogValue, votes: readonly SignedStatement[]): void {
  if (index === step.openIndex) decideIndex(step, value, logValue, votes);
}

/** q votes for one value at one ballot decide the open index (PROTOCOL 4.1). */
function tally(step: Step): void {
  const here = step.account.seen.filter(({ vote }) => vote.head.index === step.openIndex);
  const groups = new Map<string, SeenVote[]>();
  for (const seen of here) {
    const { ballot, valueHash } = seen.vote.head;
    const key = `${ballot.round}.${ballot.node}.${ballot.incarnation}.${toHex(valueHash)}`;
    groups.set(key, [...(groups.get(key) ?? []), seen]);
  }
  for (const group of groups.values()) {
    const quorum = findQuorum(group.map(({ vote }) => vote), step.context.roster.q);
    const first = quorum?.[0];
    if (quorum === null || first === undefined) continue;
    const known = valueOf(step, here, first.head.valueHash);
    if (known === null) {
      step.emit({ kind: 'lagging', node: first.head.ballot.node, fromIndex: step.openIndex });
      return;
    }
    decideIndex(step, known.value, known.logValue, quorum.map(({ signed }) => signed));
    return;
  }
}

function valueOf(step: Step, here: readonly SeenVote[], hash: Bytes): { value: Bytes; logValue: LogValue } | null {
  const accepted = step.account.accepted;
  if (accepted !== null && equal(accepted.valueHash, hash)) return { value: accepted.value, logValue: parseLogValue(accepted.value) };
  const seen = here.find(({ vote, proposal }) => proposal !== null && equal(vote.head.valueHash, hash));
  return seen?.proposal ?? null;
}

function decideIndex(step: Step, value: Bytes, logValue: LogValue, votes: readonly SignedStatement[]): void {
  const { account, context } = step;
  const index = step.openIndex;
  const id = entryId(logValue.entry.core);
  step.set({
    state: applyValue(account.state, logValue, context.policy),
    promised: null,
    accepted: null,
    round: null,
    seen: account.seen.filter(({ vote }) => vote.head.index > index),
    wanted: account.wanted.filter((wanted) => !equal(wanted.id, id)),
  });
  step.emit({ kind: 'decided', index, value, logValue, votes });
  replaySeen(step);
  if (step.account.round === null) proposeNext(step);
}

/** Proposals that arrived early are answered now that their index is open. */
function replaySeen(step: Step): void {
  for (const { vote, proposal } of step.account.seen) {
    if (vote.head.index !== step.openIndex) continue;
    if (proposal !== null && vote.head.node !== step.context.self) answerProposal(step, vote, proposal);
  }
  if (step.account.seen.some(({ vote }) => vote.head.index === step.openIndex)) tally(step);
}

function remember(step: Step, seen: SeenVote): void {
  const { head } = seen.vote;
  const others = step.account.seen.filter(
    ({ vote }) => vote.head.index !== head.index || vote.head.node !== head.node || compareBallots(vote.head.ballot, head.ballot) !== 0,
  );
  const before = step.account.seen.find((old) => !others.includes(old));
  const proposal = seen.proposal ?? before?.proposal ?? null;
  step.set({ seen: [...others, { ...seen, proposal }].slice(-MAX_SEEN) });
}

/** Two values signed at one ballot by one node are proof against it (PROTOCOL 4.2). */
function reportEquivocation(step: Step, { vote }: SeenVote): void {
  for (const { vote: old } of step.account.seen) {
    const same = old.head.node === vote.head.node && old.head.index === vote.head.index;
    if (!same || compareBallots(old.head.ballot, vote.head.ballot) !== 0 || equal(old.head.valueHash, vote.head.valueHash)) continue;
    step.emit({ kind: 'misbehaved', culprit: vote.head.node, proofs: [old.signed, vote.signed] });
  }
}
