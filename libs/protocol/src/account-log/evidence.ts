import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { epochOfRound } from '../ballot/epoch-rounds.js';
import { verifySignedStatement, type SignedStatement } from '../batch/signed-statement.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import { logValueHash, parseLogValue, type LogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import { rosterOfEpoch, type FleetRoster } from '../roster/fleet-roster.js';
import { parsePromise } from '../vote/promise.js';
import { findQuorum } from '../vote/quorum.js';
import { ownIncarnation, type StatementHead } from '../vote/statement-head.js';
import { parseVote, type Vote } from '../vote/vote.js';
import type { Accepted, PromiseEvidence, VerifiedPromise, VerifiedVote } from './account-log.js';
import type { PeerReport } from './choose-reported.js';
import { isJustified, type Proposed } from './demand.js';

/** A vote out of a batch whose signature was checked. @throws NODE_MISBEHAVED when it contradicts its batch */
export function readVote(signed: SignedStatement, roster: FleetRoster): VerifiedVote {
  const head = parseVote(signed.statement);
  requireSameSigner(head, signed, roster);
  requireOwnRound(head);
  return { head, signed };
}

/** A vote that travelled alone. @throws NODE_MISBEHAVED when its signature does not hold */
export function openVote(signed: SignedStatement, roster: FleetRoster, verifier: SignatureVerifier): VerifiedVote {
  verifySignedStatement(signed, roster, verifier);
  return readVote(signed, roster);
}

/** As `openVote`, for one that may be of an earlier epoch: it is held against the fleet as it was then (PROTOCOL 7.5). */
export function openEarlierVote(signed: SignedStatement, roster: FleetRoster, verifier: SignatureVerifier): VerifiedVote {
  return openVote(signed, rosterOfEpoch(roster, parseVote(signed.statement).epoch), verifier);
}

/**
 * A promise out of a batch whose signature was checked. One that reports an accepted value needs the proposer's own
 * signed vote for it: no acceptor can make up a value.
 */
export function readPromise(
  signed: SignedStatement,
  proof: SignedStatement | null,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): VerifiedPromise {
  const head = parsePromise(signed.statement);
  requireSameSigner(head, signed, roster);
  requireOwnRound(head);
  if (head.accepted === null) return { head, signed, proof: null };
  const vote = proof === null ? null : openEarlierVote(proof, roster, verifier);
  const holds = vote !== null && isVoteFor(vote.head, { uid: head.uid, index: head.index, ...head.accepted });
  if (!holds) throw new VaultError('NODE_MISBEHAVED', 'the promise reports a value without its proposal', { node: head.node });
  return { head, signed, proof: vote };
}

/** A promise that travelled alone, as part of a proposal. */
export function openPromise(
  signed: SignedStatement,
  proof: SignedStatement | null,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): VerifiedPromise {
  verifySignedStatement(signed, roster, verifier);
  return readPromise(signed, proof, roster, verifier);
}

/**
 * The promises behind a reported proposal, of this epoch or an earlier one.
 * @throws NODE_MISBEHAVED when a signature or a proof does not hold
 */
export function openBasis(basis: readonly PromiseEvidence[], roster: FleetRoster, verifier: SignatureVerifier): readonly VerifiedPromise[] {
  return basis.map(({ signed, proof }) => {
    const then = rosterOfEpoch(roster, parsePromise(signed.statement).epoch);
    return openPromise(signed, proof, { ...then, earlier: roster.earlier ?? [] }, verifier);
  });
}

/**
 * What a peer says it accepted, as part of its signed state (PROTOCOL 7.3).
 * @throws NODE_MISBEHAVED when it is not what the proposer of its ballot signed for this account and index
 */
export function openAccepted(
  accepted: Accepted,
  place: { readonly node: number; readonly uid: Bytes; readonly index: number },
  roster: FleetRoster,
  verifier: SignatureVerifier,
): PeerReport {
  const { node, uid, index } = place;
  const { ballot, value, valueHash, proposal, basis } = accepted;
  const vote = proposal === null ? null : openEarlierVote(proposal, roster, verifier).head;
  const holds = vote !== null && isVoteFor(vote, { uid, index, ballot, valueHash }) && equal(logValueHash(value), valueHash);
  if (!holds || !equal(parseLogValue(value).entry.core.uid, uid)) {
    throw new VaultError('NODE_MISBEHAVED', 'the peer reports an accepted value without its proposal', { node });
  }
  return { node, accepted, justified: isJustified(vote, openBasis(basis, roster, verifier), roster) };
}

/** A decided index in the form in which it travels: the value and the votes that decided it. */
export interface DecidedSet {
  readonly index: number;
  readonly value: Bytes;
  readonly votes: readonly SignedStatement[];
}

export interface CheckedSet {
  readonly index: number;
  readonly value: LogValue;
  readonly valueHash: Bytes;
  /** Exactly q of them, by distinct nodes, of one ballot. */
  readonly votes: readonly VerifiedVote[];
}

/**
 * Whether a set decides: q valid votes by distinct members for exactly this value at one index and ballot, none of them
 * fenced by another (PROTOCOL 4.6). All of one epoch, this one or an earlier one of the fleet (PROTOCOL 7.5). Nodes, laggards and clients use this one function.
 * @param uid account id, 32 bytes
 * @throws NODE_MISBEHAVED when they do not
 */
export function checkDecided(set: DecidedSet, uid: Bytes, roster: FleetRoster, verifier: SignatureVerifier): CheckedSet {
  const value = parseLogValue(set.value);
  const valueHash = logValueHash(set.value);
  const votes = set.votes.map((signed) => openEarlierVote(signed, roster, verifier));
  const first = votes[0];
  const matching = votes.filter(
    ({ head }) =>
      first !== undefined &&
      head.index === set.index &&
      head.epoch === first.head.epoch &&
      equal(head.uid, uid) &&
      equal(head.valueHash, valueHash) &&
      compareBallots(head.ballot, first.head.ballot) === 0,
  );
  const { q } = first === undefined ? roster : rosterOfEpoch(roster, first.head.epoch);
  const quorum = findQuorum(matching, q);
  if (quorum === null || !equal(value.entry.core.uid, uid) || value.entry.core.fleetId !== roster.fleetId) {
    throw new VaultError('NODE_MISBEHAVED', `fewer than ${q} valid votes decide this entry`);
  }
  return { index: set.index, value, valueHash, votes: quorum };
}

/**
 * Attempts left after a decided attempt, from its signed votes and never from one party's word: the lower median of
 * what the voters counted, so that no single node can raise or lower it (PROTOCOL 4.6).
 */
export function attemptsLeft(votes: readonly VerifiedVote[], roster: FleetRoster): number {
  const left = votes.map(({ head }) => Math.max(0, roster.attempts - head.spent)).sort((a, b) => a - b);
  return left[Math.floor((left.length - 1) / 2)] ?? 0;
}

/** Whether it is the vote by which the ballot's own node proposed this. */
function isVoteFor(vote: Vote, { uid, index, ballot, valueHash }: Proposed): boolean {
  const same = vote.node === ballot.node && vote.index === index && compareBallots(vote.ballot, ballot) === 0;
  return same && equal(vote.uid, uid) && equal(vote.valueHash, valueHash);
}

/** A ballot says its epoch, and nobody speaks about those of another (PROTOCOL 7.5). */
function requireOwnRound({ ballot, epoch, node }: StatementHead & { readonly ballot: Ballot }): void {
  if (epochOfRound(ballot.round) !== epoch)
    throw new VaultError('NODE_MISBEHAVED', 'the ballot is of another epoch than its statement', { node });
}

function requireSameSigner(head: StatementHead, signed: SignedStatement, roster: FleetRoster): void {
  const same =
    head.fleetId === roster.fleetId &&
    head.epoch === roster.epoch &&
    head.incarnations.length === roster.n &&
    head.node === signed.node &&
    ownIncarnation(head) === signed.incarnation;
  if (!same) throw new VaultError('NODE_MISBEHAVED', 'the statement does not belong to its batch', { node: signed.node });
}
