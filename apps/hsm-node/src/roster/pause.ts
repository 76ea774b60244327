import { setTimeout } from 'node:timers/promises';

/** Waits; injected, so that a test does not. */
export type Pause = (ms: number) => Promise<void>;

/** Ends early, without an error, when `signal` is aborted. Keeps no process alive. */
export function pauseUntil(signal: AbortSignal): Pause {
  return async (ms) => {
    try {
      await setTimeout(ms, undefined, { signal, ref: false });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}

/** firstMs, twice that, and so on up to lastMs. */
export function* growing(firstMs: number, lastMs: number): Generator<number, never> {
  for (let ms = firstMs; ; ms = Math.min(2 * ms, lastMs)) yield ms;
}
