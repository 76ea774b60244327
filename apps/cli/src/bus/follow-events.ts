import { cloudEventSchema, type CloudEvent } from '@strongroom/contracts';
import { enterBus, type BusDoor } from './bus-door.js';
import { keptEvents } from './kept-events.js';

const EVENTS = 'strongroom.evt.>';

/**
 * Every CloudEvent of the vault from now on, until the signal aborts; with `sinceMs` first those that the server kept
 * since then (milliseconds since 1970). None comes twice.
 * @throws FLEET_UNAVAILABLE when no server answers, or with `sinceMs` when it keeps no events
 */
export async function* followEvents(door: BusDoor, signal: AbortSignal, sinceMs?: number): AsyncGenerator<CloudEvent> {
  const connection = await enterBus(door);
  // Before the kept ones are read, so that none falls between.
  const subscription = connection.subscribe(EVENTS);
  const stop = (): void => void connection.close();
  signal.addEventListener('abort', stop, { once: true });
  const shown = new Set<string>();
  try {
    await connection.flush();
    if (sinceMs !== undefined) {
      for await (const text of keptEvents(connection, sinceMs)) {
        const event = eventOf(text);
        if (event === undefined || shown.has(event.id)) continue;
        shown.add(event.id);
        yield event;
      }
    }
    for await (const message of subscription) {
      const event = eventOf(message.string());
      if (event !== undefined && !shown.delete(event.id)) yield event;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await connection.close();
  }
}

/** Undefined for what is no event of ours. */
function eventOf(text: string): CloudEvent | undefined {
  try {
    return cloudEventSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
