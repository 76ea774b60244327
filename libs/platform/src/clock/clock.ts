/** Time as something injected, so that every decision about time can be tested and replayed. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  abstract nowMs(): number;
}

export class SystemClock extends Clock {
  override nowMs(): number {
    return Date.now();
  }
}
