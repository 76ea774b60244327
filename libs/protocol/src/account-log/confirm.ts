import { equal } from '../encoding/bytes.js';
import { VaultError } from '../errors/protocol-error.js';
import { verifyConfirmation } from '../confirmation/confirmation.js';
import { lastOkOf, type Confirmation } from './account-log.js';
import { settledState } from './account-state.js';
import type { Step } from './step.js';

/**
 * Takes a confirmation that holds: for a decided attempt of the living version, by that version's confirm key
 * (PROTOCOL 6, 6.5). Confirmations merge by maximum, so repeats and old ones are harmless.
 */
export function confirm(step: Step, confirmation: Confirmation): void {
  const error = refuse(step, confirmation);
  if (error !== null) {
    step.emit({ kind: 'confirm-refused', error });
    return;
  }
  if (confirmation.index > lastOkOf(step.account)) step.set({ confirmation });
  step.emit({ kind: 'confirmed', confirmation });
}

function refuse(step: Step, confirmation: Confirmation): VaultError | null {
  const { account, context } = step;
  if (confirmation.index > account.state.index) {
    return new VaultError('FLEET_UNAVAILABLE', 'the attempt is not decided at this node yet');
  }
  const mark = account.state.marks.find(({ index }) => index === confirmation.index);
  const same = mark?.kind === 'attempt' && mark.ver === confirmation.ver && equal(mark.id, confirmation.attemptId);
  if (!same) return new VaultError('REQUEST_INVALID', 'no such attempt was decided at this number', { field: 'attemptId' });
  const settled = settledState(account.state, lastOkOf(account), context.nowMs, context.policy);
  const version = [settled.active, account.state.active].find((candidate) => candidate?.ver === confirmation.ver);
  if (version === null || version === undefined) return new VaultError('RECORD_UNKNOWN', 'the version is no longer living');
  const attempt = { ...confirmation, fleetId: context.roster.fleetId };
  if (verifyConfirmation(context.verifier, version.confirmKey, attempt, confirmation.signature)) return null;
  return new VaultError('REQUEST_INVALID', 'the confirmation is not by the confirm key', { field: 'signature' });
}
