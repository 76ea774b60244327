import type { attemptResponse, confirmResponse } from '@strongroom/contracts';
import { signConfirmation, toBase64url } from '@strongroom/protocol';
import { DoorError, type HttpDoor } from './http-door.js';
import type { PreparedAttempt } from './prepared-attempts.js';

/** One recovery as the client sees it: two requests, and between them a signature by the key that the code leads to. */
export interface Recovery {
  readonly attempt: PreparedAttempt;
  readonly index: number;
  readonly attemptAnswer: string;
  readonly confirmAnswer: string;
  readonly attemptMs: number;
  readonly confirmMs: number;
  readonly totalMs: number;
}

/** Read from an answer while the load runs: only what the next request needs. The rest is checked afterwards, in samples. */
type ShortAttempt = Pick<ReturnType<typeof attemptResponse.parse>, 'decided' | 'evaluations'>;
type ShortConfirm = Pick<ReturnType<typeof confirmResponse.parse>, 'secrets'>;

/** @throws DoorError when the fleet refuses, or gives too little to recover with */
export async function runRecovery(door: HttpDoor, attempt: PreparedAttempt, t: number): Promise<Recovery> {
  const { account, core, id, headers, body, confirmPath } = attempt;
  const startedAt = performance.now();
  const attemptAnswer = await door.send('POST', '/v1/attempts', headers, body);
  const attemptedAt = performance.now();
  const { decided, evaluations }: ShortAttempt = JSON.parse(attemptAnswer);
  if (evaluations.length < t) throw new DoorError('INCOMPLETE', `${evaluations.length} evaluations`);
  const confirmed = { fleetId: core.fleetId, uid: core.uid, ver: core.ver, index: decided.index, attemptId: id };
  const signature = toBase64url(signConfirmation(account.confirmKey, confirmed));
  const confirmBody = JSON.stringify({ ver: core.ver, index: decided.index, signature });
  const signedAt = performance.now();
  const confirmAnswer = await door.send('POST', confirmPath, headers, confirmBody);
  const endedAt = performance.now();
  const { secrets }: ShortConfirm = JSON.parse(confirmAnswer);
  if (secrets.length < t) throw new DoorError('INCOMPLETE', `${secrets.length} secrets`);
  return {
    attempt,
    index: decided.index,
    attemptAnswer,
    confirmAnswer,
    attemptMs: attemptedAt - startedAt,
    confirmMs: endedAt - signedAt,
    totalMs: endedAt - startedAt,
  };
}
