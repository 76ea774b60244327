import { signBatch, type SignedStatement } from '../batch/signed-statement.js';
import type { Ballot } from '../ballot/ballot.js';
import type { Bytes } from '../encoding/bytes.js';
import type { Entry } from '../entry/entry.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import { encodePromise, type BallotPromise } from '../vote/promise.js';
import { encodeVote, type Vote } from '../vote/vote.js';
import { entries, nativeVerifier, nodeSigners, POLICY, rosterOf, START_MS, uid } from './account.fixture.js';
import type { AccountLog, ReceivedProposal, VerifiedPromise } from './account-log.js';
import { decide, type Decision } from './decide.js';
import { openPromise, openVote } from './evidence.js';
import type { LogInput } from './log-message.js';

/** For specs only: what single nodes of a fleet of five say, honestly or not, signed by their own keys. */
export const roster = rosterOf(5, 3);
export const NONE: readonly number[] = [1, 1, 1, 1, 1];
const nothing = new Uint8Array(32);

export function signedBy(node: number, statement: Bytes, incarnation = 1): SignedStatement {
  const signer = nodeSigners[node - 1];
  const head = { node, incarnation, sequence: 1, previous: nothing };
  const signed = signer === undefined ? undefined : signBatch(roster, head, [statement], signer).statements[0];
  if (signed === undefined) throw new RangeError(`no node ${node}`);
  return signed;
}

export function valueOf(entry: Entry, change: Partial<LogValue> = {}): LogValue {
  return { stampMs: START_MS, lastOk: 0, entry, ...change };
}

export const first = valueOf(entries.register('v1', 1));

export function voteOf(node: number, value: LogValue, ballot: Ballot, change: Partial<Vote> = {}): Vote {
  const head = { fleetId: roster.fleetId, epoch: roster.epoch, node, incarnations: NONE };
  const valueHash = logValueHash(encodeLogValue(value));
  return { ...head, uid, index: 1, ballot, valueHash, spent: 0, lastOk: 0, recordHash: nothing, ...change };
}

export function voteInput(vote: Vote, proposal: ReceivedProposal | null = null): LogInput {
  const signed = signedBy(vote.node, encodeVote(vote), vote.incarnations[vote.node - 1]);
  return { kind: 'vote', vote: openVote(signed, roster, nativeVerifier), proposal };
}

export function promiseOf(node: number, ballot: Ballot, change: Partial<BallotPromise> = {}): BallotPromise {
  return { fleetId: roster.fleetId, epoch: roster.epoch, node, incarnations: NONE, uid, index: 1, ballot, accepted: null, ...change };
}

export function promised(promise: BallotPromise, acceptedValue: LogValue | null = null): VerifiedPromise {
  const { accepted } = promise;
  const proof =
    accepted === null || acceptedValue === null
      ? null
      : signedBy(accepted.ballot.node, encodeVote(voteOf(accepted.ballot.node, acceptedValue, accepted.ballot)));
  return openPromise(signedBy(promise.node, encodePromise(promise), promise.incarnations[promise.node - 1]), proof, roster, nativeVerifier);
}

export function proposalOf(value: LogValue, promises: readonly VerifiedPromise[] = []): ReceivedProposal {
  return { value: encodeLogValue(value), promises, logValue: value, tokenExpired: false };
}

export function at(account: AccountLog, self: number, ...inputs: readonly LogInput[]): Decision {
  const context = { roster, policy: POLICY, verifier: nativeVerifier, self, incarnations: NONE, nowMs: START_MS };
  let decision: Decision = { account, effects: [] };
  for (const input of inputs) decision = decide(decision.account, input, context);
  return decision;
}

export function kindsOf(decision: Decision): readonly string[] {
  return decision.effects.map((effect) => (effect.kind === 'refusal' ? `refusal ${effect.error.code}` : effect.kind));
}
