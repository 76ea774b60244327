import type { Bytes } from '@strongroom/protocol';
import type { Fleet, Surroundings } from './fleet.js';

export type FleetWithStatements = Fleet & { readonly statements: readonly Bytes[] };

/** Fleets. Each change is decided and stored alone, together with its `fleet.changed` event. */
export abstract class FleetStore {
  /** Stores what `decide` makes of the surroundings; a fleet that is there already is given back without an event. */
  abstract form(members: readonly string[], decide: (surroundings: Surroundings) => Fleet): Promise<Fleet>;

  /** Stores what `decide` makes of the fleet, unless it is the same. @throws NOT_FOUND */
  abstract move(fleetId: string, decide: (fleet: Fleet) => Fleet): Promise<Fleet>;

  /** In ascending order of their ids. */
  abstract list(): Promise<readonly Fleet[]>;

  /** As `list`, each with the signed statements of its members in their order, all of one moment. */
  abstract evidence(): Promise<readonly FleetWithStatements[]>;
}
