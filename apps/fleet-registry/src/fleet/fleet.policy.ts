/** What the operator's configuration decides about fleets. */
export abstract class FleetPolicy {
  /** `ksf none` makes guessing free of cost: for measurements only, never in production. */
  abstract readonly allowBenchSuite: boolean;
}
