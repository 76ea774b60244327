import type { KnownAttempt } from '@strongroom/transparency';
import { openVote } from '../account-log/evidence.js';
import { attemptId } from '../attempt/attempt.js';
import { compareBallots } from '../ballot/ballot.js';
import { evaluationMessage } from '../dleq/evaluation-message.js';
import { verifyDleq } from '../dleq/dleq.js';
import { equal, fromBase64url, type Bytes } from '../encoding/bytes.js';
import { parseEntryCore } from '../entry/entry-core-codec.js';
import type { AttemptCore } from '../entry/entry-core.js';
import { invalid } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import { parseRecord, recordHash } from '../record/record-codec.js';
import type { VaultRecord } from '../record/record.js';
import { memberKey, type FleetRoster } from '../roster/fleet-roster.js';
import { publicShare } from '../sharing/verify-share.js';
import { findQuorum } from '../vote/quorum.js';
import { toSigned } from './carried.js';

/** An attempt of the ceremony that its nodes decided and answered, as anybody can check it afterwards. */
export type CheckedAttempt = {
  readonly index: number;
  readonly voters: readonly number[];
  readonly evaluators: readonly number[];
};

/**
 * q votes for one value at one index about this record, and t evaluations for this very attempt with proofs that hold.
 * The value itself stays unpublished, since it has the account's token in it: what ties the votes to the attempt is that
 * t nodes sign its id together with the index. @throws REQUEST_INVALID, NODE_MISBEHAVED
 */
export function checkKnownAttempt(known: KnownAttempt, account: Bytes, roster: FleetRoster, verifier: SignatureVerifier): CheckedAttempt {
  const core = parseEntryCore(fromBase64url(known.core, 'core'));
  if (core.kind !== 'attempt') throw invalid('core', 'is no attempt');
  if (core.fleetId !== roster.fleetId || !equal(core.uid, account)) throw invalid('core', 'is of another fleet or account');
  const record = parseRecord(fromBase64url(known.record, 'record'));
  const own = record.fleetId === core.fleetId && equal(record.uid, core.uid) && record.ver === core.ver;
  if (!own || record.commitments.length !== roster.t || record.secretCommitments.length !== roster.t) throw invalid('record', 'is another');
  const hash = recordHash(record);
  const { index, voters } = checkVotes(known, core, hash, roster, verifier);
  const evaluators = known.evaluations.map((evaluation) => checkEvaluation(evaluation, { core, record, hash, index }, roster, verifier));
  if (new Set(evaluators).size < roster.t) throw invalid('evaluations', `are of fewer than ${roster.t} nodes`);
  return { index, voters, evaluators };
}

function checkVotes(
  { votes: carried }: KnownAttempt,
  { uid }: AttemptCore,
  hash: Bytes,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): { readonly index: number; readonly voters: readonly number[] } {
  const votes = carried.map((each) => openVote(toSigned(each), roster, verifier));
  const [first] = votes;
  if (!first) throw invalid('votes', 'are missing');
  const same = votes.every(
    ({ head }) =>
      equal(head.uid, uid) &&
      equal(head.recordHash, hash) &&
      head.index === first.head.index &&
      equal(head.valueHash, first.head.valueHash) &&
      compareBallots(head.ballot, first.head.ballot) === 0,
  );
  if (!same) throw invalid('votes', 'are not all for one value of this account and record');
  if (!findQuorum(votes, roster.q)) throw invalid('votes', `are of fewer than ${roster.q} nodes that count together`);
  return { index: first.head.index, voters: votes.map(({ head }) => head.node) };
}

type Decided = { readonly core: AttemptCore; readonly record: VaultRecord; readonly hash: Bytes; readonly index: number };

/** As a client checks it (PROTOCOL 6.3). @returns the node */
function checkEvaluation(
  carried: KnownAttempt['evaluations'][number],
  { core, record, hash, index }: Decided,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): number {
  const { node } = carried;
  const evaluation = fromBase64url(carried.evaluation, 'evaluation');
  const context = { fleetId: core.fleetId, epoch: roster.epoch, node, uid: core.uid, ver: core.ver, index, attemptId: attemptId(core) };
  const message = evaluationMessage(context, hash, evaluation);
  if (!verifier.verify(memberKey(roster, node), message, fromBase64url(carried.signature, 'signature'))) {
    throw invalid('evaluations', `the one of node ${node} is not signed by it for this attempt`);
  }
  const evaluated = evaluation.subarray(0, 32);
  const proved = { publicShare: publicShare(record.commitments, node), blinded: core.blinded, evaluated, context };
  if (!verifyDleq(proved, evaluation.subarray(32))) throw invalid('evaluations', `the proof of node ${node} does not hold`);
  return node;
}
