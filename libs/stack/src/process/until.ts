import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  /** What is waited for, as it reads in the error: `nats-server to answer`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Ends the wait at once with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks again and again until the answer is not undefined.
 * @throws Error naming `what` and the last failure when the deadline passes; a probe that throws counts as "not yet"
 */
export async function until<T>(probe: () => Promise<T | undefined> | T | undefined, options: UntilOptions): Promise<T> {
  const { what, timeoutMs, everyMs = 25, signal } = options;
  const startedAt = performance.now();
  let lastFailure: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      lastFailure = error;
    }
    if (performance.now() - startedAt > timeoutMs) {
      const reason = lastFailure instanceof Error ? `: ${lastFailure.message}` : '';
      throw new Error(`waited ${timeoutMs} ms for ${what}${reason}`, { cause: lastFailure });
    }
    await delay(everyMs);
  }
}

/** Thrown by a probe that knows that waiting longer is no use. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}
