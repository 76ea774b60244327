import type { Roster } from './roster.js';

export type RosterListener = (roster: Roster) => void;

/** Where the node learns its fleet: verified bundles and nothing else (PROTOCOL 7.5). */
export abstract class RosterSource {
  /** The roster of the newest bundle this node accepted and is a member of; `null` before the first. */
  abstract current(): Roster | null;

  /**
   * Calls `listener` once for each roster from now on that differs from the one before; `current` already answers it.
   * Its memory is durable by then.
   * @returns stops the calls
   */
  abstract onChange(listener: RosterListener): () => void;
}
