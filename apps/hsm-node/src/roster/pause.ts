/** Waits, at most until `woken` is aborted; injected, so that a test does not. */
export type Pause = (ms: number, woken?: AbortSignal) => Promise<void>;

/** Ends early, without an error, when one of the signals is aborted. Keeps no process alive. */
export function pauseUntil(signal: AbortSignal): Pause {
  return (ms, woken = signal) =>
    new Promise((resolve) => {
      if (signal.aborted || woken.aborted) {
        resolve();
        return;
      }
      const signals = [signal, woken];
      const end = (): void => {
        clearTimeout(timer);
        for (const each of signals) each.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      timer.unref();
      for (const each of signals) each.addEventListener('abort', end);
    });
}

/** firstMs, twice that, and so on up to lastMs. */
export function* growing(firstMs: number, lastMs: number): Generator<number, never> {
  for (let ms = firstMs; ; ms = Math.min(2 * ms, lastMs)) yield ms;
}
