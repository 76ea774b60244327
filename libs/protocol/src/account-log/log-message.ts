import type { Ballot } from '../ballot/ballot.js';
import type { SignedStatement } from '../batch/signed-statement.js';
import type { Bytes } from '../encoding/bytes.js';
import type { LogValue } from '../entry/log-value.js';
import type { VaultError } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import type { BallotPromise } from '../vote/promise.js';
import type { Vote } from '../vote/vote.js';
import type { Accepted, CollectedPromise, Confirmation, Proposal, ReceivedProposal, VerifiedVote, Wanted } from './account-log.js';
import type { AccountPolicy } from './account-policy.js';

/** What reaches an account's log at a node. Signatures on votes, promises and sets are checked before. */
export type LogInput =
  | ({ readonly kind: 'submit' } & Wanted)
  /** `report`: the promise itself, when the promises behind what it reports came with it. */
  | { readonly kind: 'prepare'; readonly from: number; readonly index: number; readonly ballot: Ballot; readonly report?: CollectedPromise }
  | { readonly kind: 'promise'; readonly promise: CollectedPromise }
  | { readonly kind: 'vote'; readonly vote: VerifiedVote; readonly proposal: ReceivedProposal | null }
  | { readonly kind: 'nack'; readonly from: number; readonly index: number; readonly promised: Ballot }
  | { readonly kind: 'refusal'; readonly from: number; readonly index: number; readonly ballot: Ballot; readonly error: VaultError }
  | {
      readonly kind: 'set';
      readonly index: number;
      readonly value: Bytes;
      readonly logValue: LogValue;
      readonly votes: readonly SignedStatement[];
    }
  | { readonly kind: 'confirm'; readonly confirmation: Confirmation }
  | { readonly kind: 'adopt'; readonly index: number; readonly promised: Ballot | null; readonly accepted: Accepted | null }
  | { readonly kind: 'tick' };

/** What a node does next. `cast`, `promise` and `confirmed` are made known only after the account is on disk. */
export type LogEffect =
  | { readonly kind: 'cast'; readonly vote: Vote; readonly proposal: Proposal | null }
  | { readonly kind: 'promise'; readonly promise: BallotPromise; readonly accepted: Accepted | null }
  | { readonly kind: 'prepare'; readonly index: number; readonly ballot: Ballot }
  | { readonly kind: 'nack'; readonly index: number; readonly promised: Ballot }
  | { readonly kind: 'refusal'; readonly index: number; readonly ballot: Ballot; readonly error: VaultError }
  | {
      readonly kind: 'decided';
      readonly index: number;
      readonly value: Bytes;
      readonly logValue: LogValue;
      readonly votes: readonly SignedStatement[];
    }
  /** The entry is decided already at `index`: its submitters get that set. */
  | { readonly kind: 'known'; readonly id: Bytes; readonly index: number }
  | { readonly kind: 'refused'; readonly id: Bytes; readonly error: VaultError }
  | { readonly kind: 'confirmed'; readonly confirmation: Confirmation }
  | { readonly kind: 'confirm-refused'; readonly error: VaultError }
  /** This node lacks decided sets that `node` holds. */
  | { readonly kind: 'lagging'; readonly node: number; readonly fromIndex: number }
  /** `node` works at an index that is decided here: it is given the sets. */
  | { readonly kind: 'laggard'; readonly node: number; readonly fromIndex: number }
  | { readonly kind: 'misbehaved'; readonly culprit: number; readonly proofs: readonly [SignedStatement, SignedStatement] };

/** Everything a decision depends on besides the account and the input. */
export interface LogContext {
  readonly roster: FleetRoster;
  readonly policy: AccountPolicy;
  readonly verifier: SignatureVerifier;
  readonly self: number;
  /** Durably stored incarnations of nodes 1..n, this node's own included. */
  readonly incarnations: readonly number[];
  readonly nowMs: number;
}
