import type { Roster } from './roster.js';

export type RosterListener = (roster: Roster | null) => void;

/** Where the node learns its fleet: verified bundles and nothing else (PROTOCOL 7.5). */
export abstract class RosterSource {
  /**
   * The node's place in the newest bundle that it accepted; `null` before the first, and when no living fleet lists it
   * any more: then it takes part in nothing.
   */
  abstract current(): Roster | null;

  /**
   * Calls `listener` once for each roster from now on that differs from the one before, `null` included; `current` already answers it,
   * and its memory is durable by then.
   * @returns stops the calls
   */
  abstract onChange(listener: RosterListener): () => void;
}
