import type { Ballot } from '../ballot/ballot.js';
import type { SignedStatement } from '../batch/signed-statement.js';
import type { Bytes } from '../encoding/bytes.js';
import type { Entry } from '../entry/entry.js';
import { parseLogValue, type LogValue } from '../entry/log-value.js';
import type { VaultError } from '../errors/protocol-error.js';
import type { BallotPromise } from '../vote/promise.js';
import type { Vote } from '../vote/vote.js';
import { EMPTY_ACCOUNT, type AccountState } from './account-state.js';

/** The right code was used for attempt `index`: a signature that only its holder can make (PROTOCOL 6.5). */
export interface Confirmation {
  readonly uid: Bytes;
  readonly ver: number;
  readonly index: number;
  readonly attemptId: Bytes;
  /** By the confirm key of version `ver`, 64 bytes. */
  readonly signature: Bytes;
}

/** A statement whose signature was checked, with the form in which it travels on. */
export interface Verified<Head> {
  readonly head: Head;
  readonly signed: SignedStatement;
}

export type VerifiedVote = Verified<Vote>;

/** A promise; one that reports an accepted value comes with the proposer's own signed vote for it. */
export interface VerifiedPromise extends Verified<BallotPromise> {
  readonly proof: VerifiedVote | null;
}

/** A promise as its proposer keeps it: with the accepted value itself, which the proposer may have to propose. */
export interface CollectedPromise extends VerifiedPromise {
  readonly value: Bytes | null;
  /** The promises that the reported proposal rests on, where reporter and proposer alone do not vouch for it; else empty. */
  readonly basis: readonly VerifiedPromise[];
}

/** A promise as it is stored and sent: with the proposer's own signed vote for what it reports. */
export interface PromiseEvidence {
  readonly signed: SignedStatement;
  readonly proof: SignedStatement | null;
}

/** The highest proposal at the open index that this node checked: it voted for it, or took it over from a report. */
export interface Accepted {
  readonly ballot: Ballot;
  readonly value: Bytes;
  readonly valueHash: Bytes;
  /** The proposer's signed vote: evidence that the value was really proposed at this ballot. */
  readonly proposal: SignedStatement | null;
  /** The q promises it was proposed with, kept only where this node and the proposer alone do not vouch for it; else empty. */
  readonly basis: readonly PromiseEvidence[];
}

/** An entry that this node was asked to propose. */
export interface Wanted {
  readonly id: Bytes;
  readonly entry: Entry;
  readonly tokenExpired: boolean;
}

/** This node's own proposal at its open index. */
export interface Round {
  readonly phase: 'prepare' | 'accept' | 'backoff';
  readonly ballot: Ballot;
  readonly promises: readonly CollectedPromise[];
  /** What goes with the vote once a value is proposed. */
  readonly proposal: Proposal | null;
  readonly refusals: readonly { readonly node: number; readonly error: VaultError }[];
  /** When this node began to propose at this index. */
  readonly startedAtMs: number;
  /** When the round was sent last, or when a backoff ends. */
  readonly atMs: number;
}

/** A value on its way to the acceptors; above ballot 0 with the q promises that allow it. */
export interface Proposal {
  readonly value: Bytes;
  readonly promises: readonly VerifiedPromise[];
}

/** A proposal as an acceptor receives it. */
export interface ReceivedProposal extends Proposal {
  readonly logValue: LogValue;
  readonly tokenExpired: boolean;
}

/** Votes seen for an index that is not decided here, with the proposal if the vote was the proposer's. */
export interface SeenVote {
  readonly vote: VerifiedVote;
  readonly proposal: ReceivedProposal | null;
}

/** One account at one node. The first four members are on disk before anything that follows from them is seen. */
export interface AccountLog {
  readonly uid: Bytes;
  readonly state: AccountState;
  readonly confirmation: Confirmation | null;
  /** Highest ballot promised at index `state.index + 1`. */
  readonly promised: Ballot | null;
  readonly accepted: Accepted | null;

  readonly seen: readonly SeenVote[];
  readonly wanted: readonly Wanted[];
  readonly round: Round | null;
}

export function emptyAccountLog(uid: Bytes): AccountLog {
  return { uid, state: EMPTY_ACCOUNT, confirmation: null, promised: null, accepted: null, seen: [], wanted: [], round: null };
}

/** The value itself, which was checked in full when it came in: its points are not decoded again. */
export function valueOfAccepted(accepted: Accepted): LogValue {
  return parseLogValue(accepted.value, () => true);
}

export function lastOkOf(account: AccountLog): number {
  return account.confirmation?.index ?? 0;
}
