import { bundleNoteOf, parseBundle, parseNote } from '@strongroom/transparency';
import type { BundleView, GatewayHealth } from './operator-client.js';

export type FleetHealth = GatewayHealth['fleets'][number];

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
