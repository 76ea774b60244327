import type { Clock } from '../platform/clock.js';

/** Specs only: short waits pass at once and move the time; waits of a second or more are deadlines and never end. */
export class InstantClock implements Clock {
  readonly waits: number[] = [];

  constructor(public now = 1_800_000_000_000) {}

  nowMs(): number {
    return this.now;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (ms >= 1_000)
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
    this.waits.push(ms);
    this.now += ms;
  }
}
