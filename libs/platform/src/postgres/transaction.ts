import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { VaultError } from '@strongroom/protocol';
import type { DataSource, EntityManager } from 'typeorm';
import { isContention, withMeaning } from './sql-state.js';

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 5;

/**
 * One transaction, done again from the start when it met another one (40001, 40P01), with growing random pauses.
 * `work` must have no effect outside of the transaction.
 * @throws FLEET_UNAVAILABLE when the database is away (a commit under way may have happened) or too contended
 */
export async function inTransaction<T>(
  source: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  isolation: Isolation = 'READ COMMITTED',
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await source.transaction(isolation, work);
    } catch (error) {
      if (!isContention(error)) throw withMeaning(error);
      if (attempt === ATTEMPTS) throw new VaultError('FLEET_UNAVAILABLE', 'the database is too contended', {}, { cause: error });
    }
    await delay(randomInt(FIRST_PAUSE_MS * 2 ** attempt));
  }
}
