import type { Patience } from './waiting.js';

/** How long the gateway waits for nodes, as something Nest can inject. */
export abstract class FleetSettings {
  abstract readonly patience: Patience;
}

/** Nothing is waited for longer: three dead nodes of five are a clear answer within two seconds. */
export const DEADLINE_MS = 1_800;
