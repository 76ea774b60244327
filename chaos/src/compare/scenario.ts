import type { Stage } from './stage.js';
import type { Call } from './subject.js';

/** How one scenario ended. */
export interface Played {
  /** What did not hold; nothing when all of it did. */
  readonly broken: readonly string[];
  /** The calls whose cost is compared with undisturbed ones; none where the scenario is not about them. */
  readonly calls: readonly Call[];
  /** What was seen, for people. */
  readonly seen: string;
}

export interface Scenario {
  /** As the table of docs/COMPARISON.md names it. */
  readonly name: string;
  /** Ends with every part of the vault up, whatever it did. */
  readonly play: (stage: Stage) => Promise<Played>;
}

/** Collects what does not hold, so that one scenario tells all of it. */
export class Checks {
  readonly broken: string[] = [];

  that(holds: boolean, what: string): void {
    if (!holds) this.broken.push(what);
  }
}
