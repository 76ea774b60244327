import { until } from '../process/until.js';
import { bundleNoteOf, parseBundle, parseNote } from '@strongroom/transparency';
import type { BundleView, GatewayHealth } from './operator-client.js';

export type FleetHealth = GatewayHealth['fleets'][number];

/** How often an operator's command looks again. */
export const POLL_MS = 100;

export function healthOf({ fleets }: GatewayHealth, fleetId: string): FleetHealth | undefined {
  return fleets.find((fleet) => fleet.fleetId === fleetId);
}

/** The fleet once the gateway follows that bundle and enough nodes serve. */
export function serving(health: GatewayHealth, fleetId: string, bundleEpoch: number): FleetHealth | undefined {
  const fleet = healthOf(health, fleetId);
  return health.bundleEpoch >= bundleEpoch && fleet !== undefined && fleet.live >= fleet.needed ? fleet : undefined;
}

export function epochIn({ note }: BundleView, fleetId: string): number {
  return parseBundle(parseNote(bundleNoteOf(note)).text).fleets.find((fleet) => fleet.fleetId === fleetId)?.epoch ?? 0;
}

/** Shares that the live nodes lack, once each of them has counted. @throws Error when one has not within `timeoutMs` */
export async function countedShares(operator: { health(): Promise<GatewayHealth> }, fleetId: string, timeoutMs: number): Promise<number> {
  const counted = async (): Promise<{ readonly missing: number } | undefined> => {
    const missing = healthOf(await operator.health(), fleetId)?.missingShares ?? null;
    return missing === null ? undefined : { missing };
  };
  const what = `the nodes of fleet ${fleetId} to count the shares that they lack`;
  return (await until(counted, { what, timeoutMs, everyMs: POLL_MS })).missing;
}
