import type { CallContext } from './call-context.js';
import { retrying } from './retry.js';

/**
 * Asks again, the same request, while what came back does not pass its checks: the gateway may have picked a node that
 * lies or lags. `ask` throws LostAnswer for such an answer. @throws FLEET_UNAVAILABLE naming the last failed check
 */
export function untilItHolds<T>(context: CallContext, ask: () => Promise<T>): Promise<T> {
  return retrying({ ...context.retries, triesWhenUnavailable: 1 }, context, context.deadline, ask);
}
