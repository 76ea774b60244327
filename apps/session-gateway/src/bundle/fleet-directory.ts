import { invalid, VaultError } from '@strongroom/protocol';
import type { BundleFleet, VerifiedBundle } from '@strongroom/transparency';

/** A bundle that the gateway has verified itself. */
export interface CurrentBundle {
  readonly verified: VerifiedBundle;
  /** Lower-case hexadecimal; what clients name in the `Strongroom-Bundle` header. */
  readonly digest: string;
  /** As it was published: the proof with the note inside, or the bare note where the trust root names no log. */
  readonly note: string;
}

/**
 * The fleet that a message names.
 * @throws REQUEST_INVALID naming `fleetId` when the bundle does not list it, BUNDLE_STALE when it was revoked
 */
export function fleetNamed(bundle: CurrentBundle, fleetId: string): BundleFleet {
  const fleet = bundle.verified.bundle.fleets.find((candidate) => candidate.fleetId === fleetId);
  if (fleet === undefined) throw invalid('fleetId', 'is in no bundle in force');
  if (fleet.state === 'revoked') throw new VaultError('BUNDLE_STALE', 'the fleet was revoked');
  return fleet;
}

/**
 * The fleet of a message that names none: the only one that is not revoked.
 * @throws REQUEST_INVALID naming `field`, which would have named it
 */
export function onlyFleet(bundle: CurrentBundle, field: string): BundleFleet {
  const [fleet, other] = bundle.verified.bundle.fleets.filter(({ state }) => state !== 'revoked');
  if (fleet === undefined || other !== undefined) throw invalid(field, 'is needed to know the fleet');
  return fleet;
}
