import { VaultError } from '@strongroom/protocol';
import type { Clock } from '../platform/clock.js';

/** The time that one call of the client may take, and the caller's own wish to stop, as one signal. */
export interface Deadline {
  /** Aborts at the deadline (reason: FLEET_UNAVAILABLE) or when the caller aborts (the caller's reason). */
  readonly signal: AbortSignal;
  remainingMs(): number;
}

/**
 * Runs `work` under a deadline of `timeoutMs`. Whatever still waits when it passes is aborted.
 * @throws FLEET_UNAVAILABLE when the time is over, or the reason of `signal` when the caller stopped it
 */
export async function withDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const finished = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', follow, { once: true });
  const endsAt = clock.nowMs() + timeoutMs;
  const timer = clock.wait(timeoutMs, finished.signal).then(
    () => controller.abort(new VaultError('FLEET_UNAVAILABLE', `no complete answer within ${timeoutMs} ms`, { timeoutMs })),
    () => undefined, // the work ended first and stopped the timer
  );
  try {
    return await work({ signal: controller.signal, remainingMs: () => Math.max(0, endsAt - clock.nowMs()) });
  } finally {
    signal?.removeEventListener('abort', follow);
    finished.abort();
    await timer;
  }
}

/** `promise`, or the signal's reason as soon as it aborts. The work behind `promise` must end by the same signal. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined); // its own failure comes second to the abort
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
