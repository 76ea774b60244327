import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { isAway, isContention, withMeaning } from './sql-state.js';

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 5;
/** How long connections that died in the pool are replaced before the database counts as away. */
const REPLACE_WITHIN_MS = 1_000;

/**
 * One transaction, done again from the start when it met another one (40001, 40P01) or when its connection turned out
 * dead before the work began, with growing random pauses. `work` must have no effect outside of the transaction.
 * @throws FLEET_UNAVAILABLE when the database is away (a commit under way may have happened) or too contended
 */
export async function inTransaction<T>(
  source: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  isolation: Isolation = 'READ COMMITTED',
): Promise<T> {
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt++) {
    let begun = false;
    try {
      return await source.transaction(isolation, (manager) => {
        begun = true;
        return work(manager);
      });
    } catch (error) {
      const replaceable = !begun && isAway(error) && performance.now() - startedAt < REPLACE_WITHIN_MS;
      if (attempt === ATTEMPTS || !(replaceable || isContention(error))) throw withMeaning(error);
    }
    await delay(randomInt(FIRST_PAUSE_MS * 2 ** attempt));
  }
}
