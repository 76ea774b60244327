import { compareBallots } from '../ballot/ballot.js';
import { equal } from '../encoding/bytes.js';
import type { Vote } from '../vote/vote.js';
import type { VerifiedVote } from './account-log.js';
import type { Step } from './step.js';

/** Two values signed at one ballot by one node are proof against it (PROTOCOL 4.2). */
export function reportEquivocation(step: Step, known: readonly VerifiedVote[], vote: VerifiedVote): void {
  for (const old of known) {
    if (!isSameBallot(old.head, vote.head) || equal(old.head.valueHash, vote.head.valueHash)) continue;
    step.emit({ kind: 'misbehaved', culprit: vote.head.node, proofs: [old.signed, vote.signed] });
  }
}

export function isSameBallot(a: Vote, b: Vote): boolean {
  return a.node === b.node && a.index === b.index && equal(a.uid, b.uid) && compareBallots(a.ballot, b.ballot) === 0;
}
