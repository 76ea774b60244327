import type { FleetEvidence } from '@strongroom/transparency';

/** The fleet registry as the publisher needs it. */
export abstract class Registry {
  abstract evidence(): Promise<readonly FleetEvidence[]>;

  /** Marks an announced fleet active, on behalf of the operator who asked for the bundle. */
  abstract markActive(fleetId: string, operatorToken: string): Promise<void>;
}
