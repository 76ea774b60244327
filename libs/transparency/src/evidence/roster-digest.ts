import { sha256 } from '@noble/hashes/sha2.js';
import type { Bundle, BundleFleet } from '../bundle/bundle.js';
import { writeFleet } from '../bundle/write-bundle.js';
import { sameOctets, toHex, utf8 } from '../encoding/octets.js';
import type { DeploymentStatement } from './statement.js';

/**
 * 32 bytes: SHA-256 of the fleet's lines in a bundle, `state active` whatever it is, each with its line feed. The state
 * changes without a machine or a parameter changing, and needs no ceremony.
 */
export function rosterDigest(fleet: BundleFleet): Uint8Array {
  return sha256(utf8(`${writeFleet({ ...fleet, state: 'active' })}\n`));
}

/** A statement that counts, and its digest (32 bytes). */
export type Deployment = { readonly digest: Uint8Array; readonly statement: DeploymentStatement };

/** A fleet that clients may use, and its roster digest in hexadecimal. */
export type FleetRoster = { readonly fleetId: string; readonly epoch: number; readonly digest: string };

export function rostersOf({ fleets }: Pick<Bundle, 'fleets'>): readonly FleetRoster[] {
  const usable = fleets.filter(({ state }) => state !== 'revoked');
  return usable.map((fleet) => ({ fleetId: fleet.fleetId, epoch: fleet.epoch, digest: toHex(rosterDigest(fleet)) }));
}

/** Why these are not what custodians signed for, or `undefined`. */
export function refuseRosters(rosters: readonly FleetRoster[], { subject }: DeploymentStatement): string | undefined {
  const attested = new Set(subject.map(({ digest: each }) => each.sha256));
  const other = rosters.find(({ digest }) => !attested.has(digest));
  return (
    other && `fleet ${other.fleetId} in epoch ${other.epoch} is not what custodians signed for: hold the ceremony (strongroom fleet deploy)`
  );
}

/**
 * Why this bundle may not name this statement, or `undefined`: every fleet that clients may use has the epoch, the
 * parameters and the members that custodians signed for.
 */
export function refuseDeployment(bundle: Pick<Bundle, 'fleets' | 'deployment'>, deployment: Deployment): string | undefined {
  const { digest, statement } = deployment;
  if (!bundle.deployment || !sameOctets(bundle.deployment, digest)) return 'the bundle names another statement';
  return refuseRosters(rostersOf(bundle), statement);
}
