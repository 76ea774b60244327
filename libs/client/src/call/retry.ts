import { VaultError, type RandomSource } from '@strongroom/protocol';
import type { Clock } from '../platform/clock.js';
import type { Deadline } from './deadline.js';

export interface RetryPolicy {
  /** Most tries of one request, the first included. */
  readonly tries: number;
  /** Most tries when the gateway itself says that the fleet is not available: it has asked the nodes already. */
  readonly triesWhenUnavailable: number;
  /** Wait before the second try; doubles with each further one, up to `maxWaitMs`. */
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { tries: 5, triesWhenUnavailable: 2, firstWaitMs: 100, maxWaitMs: 2_000 };

/** What a failed try means for the next: `lost` = nobody knows whether it arrived, `refused` = final. */
export type Outcome = 'lost' | 'unavailable' | 'refused';

/** A request whose answer did not arrive whole: it may have been carried out, so only the same bytes may be sent again. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof LostAnswer) return 'lost';
  if (error instanceof VaultError && (error.code === 'FLEET_UNAVAILABLE' || error.code === 'INTERNAL')) return 'unavailable';
  return 'refused';
}

/**
 * Sends the same request until it is answered, within the deadline. Safe for every request of the vault, because each
 * carries its own identity: the same entry is decided once (PROTOCOL 6.4).
 * @throws FLEET_UNAVAILABLE when no answer came; the refusal itself when the answer is one
 */
export async function retrying<T>(
  policy: RetryPolicy,
  ports: { readonly clock: Clock; readonly random: RandomSource },
  deadline: Deadline,
  send: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      deadline.signal.throwIfAborted();
      return await send();
    } catch (error) {
      deadline.signal.throwIfAborted();
      const outcome = outcomeOf(error);
      if (outcome === 'refused') throw error;
      if (tried >= (outcome === 'lost' ? policy.tries : policy.triesWhenUnavailable)) throw unanswered(error, tried);
      await ports.clock.wait(jittered(policy, tried, ports.random), deadline.signal);
    }
  }
}

/** Between half and the whole of the doubled wait, so that clients cut off together do not return together. */
function jittered(policy: RetryPolicy, tried: number, random: RandomSource): number {
  const full = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** (tried - 1));
  return Math.round(full / 2 + (full / 2) * ((random.bytes(1)[0] ?? 0) / 255));
}

function unanswered(error: unknown, tries: number): unknown {
  if (!(error instanceof LostAnswer)) return error;
  return new VaultError('FLEET_UNAVAILABLE', `the gateway did not answer in ${tries} tries: ${error.message}`, { tries }, { cause: error });
}
