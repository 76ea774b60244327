import type { Bundle, BundleFleet, BundleFleetState } from './bundle.js';
import type { Refusal } from './bundle-rules.js';
import { writeFleet } from './write-bundle.js';

/** A fleet only ever moves to the right. */
const ORDER: readonly BundleFleetState[] = ['active', 'draining', 'revoked'];

/**
 * Why `after` may not follow `before`, or `undefined` when it may. Signers ask this, so that no fleet changes its
 * members or parameters within an epoch, comes back from revocation or silently disappears.
 */
export function refuseSuccession(before: Bundle, after: Bundle): Refusal | undefined {
  if (after.issuedAt < before.issuedAt) return { field: 'issued', reason: 'is before that of the bundle before' };
  if (after.minEpoch < before.minEpoch) return { field: 'min-epoch', reason: 'goes back' };
  for (const old of before.fleets) {
    const next = after.fleets.find(({ fleetId }) => fleetId === old.fleetId);
    const reason = next ? refuseChange(old, next) : refuseDisappearance(old);
    if (reason !== undefined) return { field: `fleet ${old.fleetId}`, reason };
  }
  return undefined;
}

function refuseDisappearance(old: BundleFleet): string | undefined {
  return old.state === 'revoked' ? undefined : 'disappears without being revoked';
}

function refuseChange(old: BundleFleet, next: BundleFleet): string | undefined {
  if (next.epoch < old.epoch) return 'its epoch goes back';
  if (ORDER.indexOf(next.state) < ORDER.indexOf(old.state)) return 'its state goes back';
  if (next.epoch === old.epoch && writeFleet({ ...next, state: old.state }) !== writeFleet(old)) {
    return 'changes its members or parameters within its epoch';
  }
  return undefined;
}
