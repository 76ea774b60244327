import { equal } from '../encoding/bytes.js';
import { VaultError } from '../errors/protocol-error.js';
import { verifyConfirmation } from '../confirmation/confirmation.js';
import { lastOkOf, type Confirmation } from './account-log.js';
import type { Step } from './step.js';

/**
 * Takes a confirmation that holds: for a decided attempt, by the confirm key of the version it was made against
 * (PROTOCOL 6, 6.5). Confirmations merge by maximum, so repeats and old ones are harmless. One for a version that was
 * replaced meanwhile counts too: other nodes may have counted it before the replacement, and all must agree in the end.
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

/** The one that is stored already comes again from the gateway and from every peer. */
function isStored(stored: Confirmation | null, { uid, ver, index, attemptId, signature }: Confirmation): boolean {
  if (stored === null || stored.index !== index || stored.ver !== ver) return false;
  return equal(stored.uid, uid) && equal(stored.attemptId, attemptId) && equal(stored.signature, signature);
}

function refuse({ account, context }: Step, confirmation: Confirmation): VaultError | null {
  if (isStored(account.confirmation, confirmation)) return null;
  if (confirmation.index > account.state.index) {
    return new VaultError('FLEET_UNAVAILABLE', 'the attempt is not decided at this node yet');
  }
  const mark = account.state.marks.find(({ index }) => index === confirmation.index);
  const same = mark !== undefined && mark.ver === confirmation.ver && equal(mark.id, confirmation.attemptId);
  if (!same || mark.confirmKey === null || !equal(confirmation.uid, account.uid)) {
    return new VaultError('REQUEST_INVALID', 'no such attempt was decided at this number', { field: 'attemptId' });
  }
  const attempt = { ...confirmation, fleetId: context.roster.fleetId };
  if (verifyConfirmation(context.verifier, mark.confirmKey, attempt, confirmation.signature)) return null;
  return new VaultError('REQUEST_INVALID', 'the confirmation is not by the confirm key', { field: 'signature' });
}
