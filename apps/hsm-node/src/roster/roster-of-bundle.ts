import { VaultError, type Bytes } from '@strongroom/protocol';
import type { Bundle, BundleFleet } from '@strongroom/transparency';
import type { Keystore } from '../keystore/keystore.js';
import type { Roster } from './roster.js';

/**
 * This node's fleet in a verified bundle, found by its identity key, which no two members share; `null` when no living
 * fleet lists it. @throws BUNDLE_INVALID when it is listed with an HPKE key that is not its own
 */
export function rosterOf({ fleets }: Bundle, keystore: Keystore): Roster | null {
  return fleets.flatMap((fleet) => asMember(fleet, keystore))[0] ?? null;
}

function asMember(fleet: BundleFleet, keystore: Keystore): readonly Roster[] {
  const { fleetId, epoch, state, n, t, q, attempts, ksf } = fleet;
  const own = fleet.members.find(({ identityKey }) => same(identityKey, keystore.identityPublicKey));
  if (own === undefined || state === 'revoked') return [];
  // Whatever is sealed to that key, this node could not open.
  if (!same(own.hpkeKey, keystore.hpkePublicKey)) {
    throw new VaultError('BUNDLE_INVALID', 'the bundle lists this node with another HPKE key', { check: 'own-key' });
  }
  const members = fleet.members.map(({ index, identityKey, hpkeKey }) => ({ index, identityKey, hpkeKey }));
  return [{ fleetId, epoch, self: own.index, state, n, t, q, attempts, ksf, members }];
}

export function sameRoster(a: Roster | null, b: Roster | null): boolean {
  if (a === null || b === null) return a === b;
  const { members: left, ...one } = a;
  const { members: right, ...other } = b;
  const alike = JSON.stringify(one) === JSON.stringify(other) && left.length === right.length;
  return alike && left.every((member, i) => same(member.identityKey, right[i]?.identityKey) && same(member.hpkeKey, right[i]?.hpkeKey));
}

function same(a: Bytes, b: Bytes | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
