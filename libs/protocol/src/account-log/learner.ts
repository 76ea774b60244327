import type { SignedStatement } from '../batch/signed-statement.js';
import { equal, toHex, type Bytes } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import { logValueHash, type LogValue } from '../entry/log-value.js';
import { findQuorum } from '../vote/quorum.js';
import { valueOfAccepted, type SeenVote } from './account-log.js';
import { answerProposal } from './acceptor.js';
import { applyValue } from './apply-value.js';
import { isSameBallot, reportEquivocation } from './equivocation.js';
import { proposeNext } from './proposer.js';
import type { Step } from './step.js';

/** Votes kept of each node; whoever sends more loses its own oldest, nobody else's, and others catch up by sets. */
const MAX_SEEN_PER_NODE = 8;

/** Counts a vote; if it is the proposer's own, answers the proposal first. */
export function learnVote(step: Step, received: SeenVote): void {
  const { head } = received.vote;
  if (!equal(head.uid, step.account.uid)) return;
  if (head.index < step.openIndex) {
    if (received.proposal !== null) step.emit({ kind: 'laggard', node: head.node, fromIndex: head.index });
    return;
  }
  const seen = withSignedValue(received);
  reportEquivocation(
    step,
    step.account.seen.map(({ vote }) => vote),
    seen.vote,
  );
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
    const quorum = findQuorum(
      group.map(({ vote }) => vote),
      step.context.roster.q,
    );
    const first = quorum?.[0];
    if (quorum === null || first === undefined) continue;
    const known = valueOf(step, here, first.head.valueHash);
    if (known === null) {
      step.emit({ kind: 'lagging', node: first.head.ballot.node, fromIndex: step.openIndex });
      return;
    }
    decideIndex(
      step,
      known.value,
      known.logValue,
      quorum.map(({ signed }) => signed),
    );
    return;
  }
}

function valueOf(step: Step, here: readonly SeenVote[], hash: Bytes): { value: Bytes; logValue: LogValue } | null {
  const accepted = step.account.accepted;
  if (accepted !== null && equal(accepted.valueHash, hash)) return { value: accepted.value, logValue: valueOfAccepted(accepted) };
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

/** A value that is not the one its vote signed would be decided under another's votes: it counts as absent. */
function withSignedValue(seen: SeenVote): SeenVote {
  if (seen.proposal === null || equal(logValueHash(seen.proposal.value), seen.vote.head.valueHash)) return seen;
  return { vote: seen.vote, proposal: null };
}

function remember(step: Step, seen: SeenVote): void {
  const { head } = seen.vote;
  const before = step.account.seen.find(({ vote }) => isSameBallot(vote.head, head) && equal(vote.head.valueHash, head.valueHash));
  const kept = step.account.seen.filter((old) => old !== before);
  const oldest = kept.filter(({ vote }) => vote.head.node === head.node).at(-MAX_SEEN_PER_NODE);
  const proposal = seen.proposal ?? before?.proposal ?? null;
  step.set({ seen: [...kept.filter((old) => old !== oldest), { vote: seen.vote, proposal }] });
}
