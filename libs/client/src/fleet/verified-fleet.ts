import { VaultError, toHex, type FleetRoster, type RecordFleet } from '@strongroom/protocol';
import {
  gossipCode,
  isVerified,
  type BundleFleet,
  type BundleFleetState,
  type CheckReport,
  type Environment,
  type VerifiedBundle,
} from '@strongroom/transparency';

/** One fleet of a bundle that passed the checks of TRANSPARENCY 3, in the forms that the protocol asks for. */
export interface VerifiedFleet {
  readonly state: BundleFleetState;
  readonly roster: FleetRoster;
  readonly record: RecordFleet;
  /** `argon2id:<KiB>:<passes>:<lanes>` or `none`. */
  readonly ksf: string;
}

/** What a person is shown of the bundle in use: every check with what it looked at, the skipped ones included. */
export interface FleetReport {
  readonly epoch: number;
  /** Hexadecimal. */
  readonly digest: string;
  readonly environment: Environment;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly fleets: readonly BundleFleet[];
  readonly checks: readonly CheckReport[];
  /** Whether every check ran and holds. */
  readonly verified: boolean;
  /** `epoch.size.root`: two people who compare it see whether the log shows both the same. `null` without a log. */
  readonly gossipCode: string | null;
}

export function reportOf({ bundle, digest, memory, ...verified }: VerifiedBundle): FleetReport {
  const checks = verified.checks.map((report) => (report.check === 'memory-saved' ? memorySaved(bundle.epoch) : report));
  return {
    epoch: bundle.epoch,
    digest: toHex(digest),
    environment: bundle.environment,
    issuedAt: new Date(bundle.issuedAt * 1000),
    expiresAt: new Date(bundle.expiresAt * 1000),
    fleets: bundle.fleets,
    checks,
    verified: isVerified(checks),
    gossipCode: gossipCode(memory) ?? null,
  };
}

/** Step 20 is the keeper's: no bundle leaves it before its memory is in the device store. */
function memorySaved(epoch: number): CheckReport {
  return { number: 20, check: 'memory-saved', outcome: 'ok', saw: `epoch ${epoch} is in the device store` };
}

/** @param earlier the same fleet in epochs before: what was decided then still holds (PROTOCOL 7.5) */
export function toVerifiedFleet(fleet: BundleFleet, earlier: readonly BundleFleet[] = []): VerifiedFleet {
  const { fleetId, epoch, t, members, state, ksf } = fleet;
  return {
    state,
    ksf,
    roster: { ...toRoster(fleet), earlier: earlier.map(toRoster) },
    record: { fleetId, epoch, threshold: t, hpkeKeys: members.map(({ hpkeKey }) => hpkeKey) },
  };
}

/** New records go to the fleet that is active; a draining one only gives back what it has. @throws FLEET_UNAVAILABLE */
export function fleetToRegister(fleets: readonly BundleFleet[]): VerifiedFleet {
  const active = fleets.find(({ state }) => state === 'active');
  if (!active) throw new VaultError('FLEET_UNAVAILABLE', 'the bundle names no active fleet');
  return toVerifiedFleet(active);
}

/** Where a record may be, the active fleets first. A revoked fleet is never asked. */
export function fleetsToRecover(fleets: readonly BundleFleet[]): readonly VerifiedFleet[] {
  const order: readonly BundleFleetState[] = ['active', 'draining'];
  return order.flatMap((wanted) => fleets.filter(({ state }) => state === wanted).map((fleet) => toVerifiedFleet(fleet)));
}

function toRoster({ fleetId, epoch, n, t, q, attempts, members }: BundleFleet): FleetRoster {
  return { fleetId, epoch, n, t, q, attempts, members: members.map(({ index, identityKey }) => ({ index, identityKey })) };
}
