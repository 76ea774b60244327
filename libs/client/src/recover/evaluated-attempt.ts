import type { attemptResponse } from '@strongroom/contracts';
import {
  VaultError,
  combinePoints,
  combinesTo,
  equal,
  evaluationMessage,
  memberKey,
  parseRecord,
  publicShare,
  recordHash,
  verifyDleq,
  type Bytes,
  type CheckedSet,
  type FleetRoster,
  type IndexedPoint,
  type SignatureVerifier,
  type VaultRecord,
} from '@strongroom/protocol';
import type { z } from 'zod';
import { LostAnswer } from '../call/retry.js';
import { carriedBytes } from '../gateway/carried-bytes.js';
import { toCarriedDecision, type CarriedDecision } from '../gateway/statement-json.js';
import { checkDecidedEntry } from '../votes/decided-entry.js';
import type { BlindedAttempt } from './blinded-attempt.js';
import { provenExclusion, type ExcludedNode } from './excluded-node.js';

type AttemptAnswer = z.infer<typeof attemptResponse>;

/** An attempt that q nodes have counted, with the record that those q name. */
export interface DecidedAttempt {
  readonly carried: CarriedDecision;
  readonly decided: CheckedSet;
  readonly record: VaultRecord;
  /** With its present sharing: what nodes sign beside their evaluations. */
  readonly recordHash: Bytes;
}

/**
 * The record may have been shared anew since the votes: then it shows by its base and the sharing that was voted for that
 * it is the same record (PROTOCOL 7.8). The new sharing needs nobody's word: its public shares combine to C_0, or they do not.
 * @throws LostAnswer when votes or record do not hold; an answer of other nodes may
 */
export function checkDecidedAttempt(
  answer: AttemptAnswer,
  attempt: BlindedAttempt,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): DecidedAttempt {
  try {
    const encoded = carriedBytes(answer.record, 'record');
    const record = parseRecord(encoded);
    requireOwnRecord(record, attempt, roster);
    const voted = answer.votedSharing === undefined ? undefined : carriedBytes(answer.votedSharing, 'votedSharing');
    const carried = toCarriedDecision(answer.decided);
    const decided = checkDecidedEntry(carried, attempt.core, recordHash(record, voted), roster, verifier);
    return { carried, record, recordHash: recordHash(record), decided };
  } catch (cause) {
    if (cause instanceof VaultError) throw new LostAnswer(`the record does not hold: ${cause.message}`, { cause });
    throw cause;
  }
}

/** The hash in q votes names the record already; this names the mistake when nodes agree on a foreign one. */
function requireOwnRecord(record: VaultRecord, { core }: BlindedAttempt, roster: FleetRoster): void {
  const own = equal(record.uid, core.uid) && record.fleetId === core.fleetId && record.ver === core.ver;
  const fits = record.commitments.length === roster.t && record.secretCommitments.length === roster.t;
  if (!own || !fits) throw new LostAnswer('the record is not the one that was asked for');
}

/**
 * One node's evaluation, checked: signed by the node for exactly this decided attempt, and its proof holds against the
 * public share that the commitments give (PROTOCOL 6.3).
 */
export function checkEvaluation(
  carried: AttemptAnswer['evaluations'][number],
  { core, id }: BlindedAttempt,
  { decided, record, recordHash: hash }: DecidedAttempt,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): IndexedPoint | ExcludedNode {
  const { node } = carried;
  const evaluation = carriedBytes(carried.evaluation, 'evaluation');
  const signature = carriedBytes(carried.signature, 'signature');
  const context = { fleetId: core.fleetId, epoch: roster.epoch, node, uid: core.uid, ver: core.ver, index: decided.index, attemptId: id };
  const message = evaluationMessage(context, hash, evaluation);
  const member = roster.members.some(({ index }) => index === node);
  if (!member || !verifier.verify(memberKey(roster, node), message, signature)) return { node, reason: 'signature', proof: null };
  const evaluated = evaluation.subarray(0, 32);
  const statement = { publicShare: publicShare(record.commitments, node), blinded: core.blinded, evaluated, context };
  if (!verifyDleq(statement, evaluation.subarray(32))) return provenExclusion(node, message, signature);
  return { index: node, point: evaluated };
}

/** Z from any t checked evaluations. The public shares must combine to C_0, the key that the envelope names. */
export function combineEvaluations(points: readonly IndexedPoint[], record: VaultRecord): Bytes {
  const chosen = points.slice(0, record.commitments.length);
  const [groupKey] = record.commitments;
  const shares = chosen.map(({ index }) => ({ index, point: publicShare(record.commitments, index) }));
  if (!groupKey || !combinesTo(shares, groupKey)) throw new VaultError('INTERNAL', 'the public shares do not combine to C_0');
  return combinePoints(chosen);
}
