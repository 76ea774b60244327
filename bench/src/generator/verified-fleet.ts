import { bundleResponse } from '@strongroom/contracts';
import { toHex, type FleetRoster, type RecordFleet } from '@strongroom/protocol';
import { parseTrustRoot, verifyBundle } from '@strongroom/transparency';
import type { HttpDoor } from './http-door.js';

/** The bench's fleet as its verified bundle describes it. */
export interface VerifiedFleet {
  readonly roster: FleetRoster;
  readonly record: RecordFleet;
  /** Digest of the bundle, hexadecimal: a client that names it gets no bundle with its answers. */
  readonly digest: string;
}

/** @throws BundleError when a signature does not hold; Error when no fleet is active */
export async function readFleet(door: HttpDoor, trustRoot: string, nowMs: number): Promise<VerifiedFleet> {
  const { note } = bundleResponse.parse(JSON.parse(await door.send('GET', '/v1/fleet-bundle', {})));
  const { bundle, digest } = verifyBundle({
    source: note,
    trustRoot: parseTrustRoot(trustRoot),
    memory: undefined,
    purpose: 'register',
    nowMs,
  });
  const fleet = bundle.fleets.find(({ state }) => state === 'active');
  if (fleet === undefined) throw new Error('the bundle names no active fleet');
  const { fleetId, epoch, n, t, q, attempts, members } = fleet;
  return {
    roster: { fleetId, epoch, n, t, q, attempts, members: members.map(({ index, identityKey }) => ({ index, identityKey })) },
    record: { fleetId, epoch, threshold: t, hpkeKeys: members.map(({ hpkeKey }) => hpkeKey) },
    digest: toHex(digest),
  };
}
