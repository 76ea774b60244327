import { attemptResponse, confirmResponse } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import {
  attemptsLeft,
  checkDecided,
  combinePoints,
  combineScalars,
  combinesTo,
  coreHpke,
  entryId,
  equal,
  evaluationMessage,
  finalize,
  fromBase64url,
  identityStretcher,
  isSecretShare,
  memberKey,
  openRecord,
  openSecret,
  parseRecord,
  publicShare,
  recordHash,
  unwrapBackupKey,
  verifyDleq,
  type FleetRoster,
  type IndexedPoint,
  type IndexedScalar,
} from '@strongroom/protocol';
import { toSignedStatement } from './entry-json.js';
import type { Recovery } from './recovery.js';

/**
 * Every check of PROTOCOL 6 on the client's side, from the answers of one recovery to the backup key that was protected.
 * @throws Error naming the check that failed
 */
export async function verifyRecovery(recovery: Recovery, roster: FleetRoster): Promise<void> {
  const { attempt } = recovery;
  const { core, id, account } = attempt;
  const answer = attemptResponse.parse(JSON.parse(recovery.attemptAnswer));
  const record = parseRecord(fromBase64url(answer.record));
  const hash = recordHash(record);
  const carried = { ...answer.decided, value: fromBase64url(answer.decided.value), votes: answer.decided.votes.map(toSignedStatement) };
  const decided = checkDecided(carried, core.uid, roster, nodeVerifier);
  require(equal(entryId(decided.value.entry.core), id), 'the votes are for another attempt');
  require(decided.votes.every(({ head }) => equal(head.recordHash, hash)), 'the votes name another record');
  require(attemptsLeft(decided.votes, roster) < roster.attempts, 'the attempt was not counted');
  const context = { fleetId: core.fleetId, epoch: roster.epoch, uid: core.uid, ver: core.ver, index: recovery.index, attemptId: id };

  const points = answer.evaluations.map(({ node, evaluation, signature }): IndexedPoint => {
    const bytes = fromBase64url(evaluation);
    const message = evaluationMessage({ ...context, node }, hash, bytes);
    require(nodeVerifier.verify(memberKey(roster, node), message, fromBase64url(signature)), `evaluation of node ${node}: signature`);
    const evaluated = bytes.subarray(0, 32);
    const statement = {
      publicShare: publicShare(record.commitments, node),
      blinded: core.blinded,
      evaluated,
      context: { ...context, node },
    };
    require(verifyDleq(statement, bytes.subarray(32)), `evaluation of node ${node}: proof`);
    return { index: node, point: evaluated };
  });
  const [groupKey = new Uint8Array(0)] = record.commitments;
  const shares = points.map(({ index }) => ({ index, point: publicShare(record.commitments, index) }));
  require(combinesTo(shares, groupKey), 'the public shares do not combine to C_0');
  const output = finalize(account.input, attempt.blind, combinePoints(points));
  const { exportKey } = await openRecord(record, output, identityStretcher);

  const { secrets } = confirmResponse.parse(JSON.parse(recovery.confirmAnswer));
  const scalars: IndexedScalar[] = [];
  for (const { node, sealedSecret } of secrets.slice(0, roster.t)) {
    const scalar = await openSecret(coreHpke, attempt.ephemeral, fromBase64url(sealedSecret), { ...context, node });
    require(isSecretShare(record, node, scalar), `secret of node ${node}`);
    scalars.push({ index: node, scalar });
  }
  const backupKey = unwrapBackupKey(record, exportKey, combineScalars(scalars));
  require(equal(backupKey, account.backupKey), 'another backup key came back');
}

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`a recovery does not verify: ${what}`);
}
