import type { Fetch } from '@strongroom/transparency';
import type { BrowserMemory } from '../live/browser-memory.js';
import type { PlacesTyped } from '../live/places.js';

/** What the page needs of its browser: a test gives others. */
export type Surroundings = {
  readonly fetch: Fetch;
  readonly nowMs: () => number;
  readonly memory: BrowserMemory;
  readonly places: PlacesTyped;
  /** The host that this copy of the page came from; `undefined` for one on a disk. */
  readonly host: string | undefined;
  readonly copy: (text: string) => Promise<void>;
};
