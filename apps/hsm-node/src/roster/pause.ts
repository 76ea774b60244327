/** Waits; injected, so that a test does not. */
export type Pause = (ms: number) => Promise<void>;

/** Ends early, without an error, when `signal` is aborted. Keeps no process alive. */
export function pauseUntil(signal: AbortSignal): Pause {
  return (ms) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      timer.unref();
      signal.addEventListener('abort', end);
    });
}

/** firstMs, twice that, and so on up to lastMs. */
export function* growing(firstMs: number, lastMs: number): Generator<number, never> {
  for (let ms = firstMs; ; ms = Math.min(2 * ms, lastMs)) yield ms;
}
