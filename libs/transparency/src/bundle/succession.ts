import { sameOctets, toHex } from '../encoding/octets.js';
import type { Bundle, BundleFleet, BundleFleetState, BundleMember } from './bundle.js';
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
  if (next.epoch > old.epoch) return refuseNextEpoch(old, next);
  if (next.epoch === old.epoch && writeFleet({ ...next, state: old.state }) !== writeFleet(old)) {
    return 'changes its members or parameters within its epoch';
  }
  return undefined;
}

/**
 * An epoch follows the one before and brings one new machine into the place of another, or none: then the fleet makes its
 * shares anew (PROTOCOL 7.8). Whoever stays keeps its index, because that is the x coordinate of its shares, and its keys
 * (PROTOCOL 7.5).
 */
function refuseNextEpoch(old: BundleFleet, next: BundleFleet): string | undefined {
  if (next.epoch !== old.epoch + 1) return 'skips an epoch';
  const kept = { ...next, epoch: old.epoch, state: old.state, members: old.members };
  if (writeFleet(kept) !== writeFleet(old)) return 'changes its parameters';
  const replaced = next.members.filter(({ index, ...member }) => !sameMember(member, old.members[index - 1]));
  if (replaced.length > 1) return 'replaces more than one member';
  const known = new Set(old.members.flatMap(({ identityKey, hpkeKey }) => [toHex(identityKey), toHex(hpkeKey)]));
  const fresh = replaced.every(({ identityKey, hpkeKey }) => !known.has(toHex(identityKey)) && !known.has(toHex(hpkeKey)));
  return fresh ? undefined : 'brings a member back under another index or key';
}

function sameMember(member: Omit<BundleMember, 'index'>, old: BundleMember | undefined): boolean {
  return old !== undefined && (['identityKey', 'hpkeKey', 'evidence'] as const).every((name) => sameOctets(member[name], old[name]));
}
