import { VaultError } from '@strongroom/protocol';

/** SQLSTATE (five characters) or Node's error code of a failed query, wherever the driver and TypeORM put it. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('driverError' in error) return sqlState(error.driverError);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Two transactions met (serialization failure, deadlock): the same work may succeed when done again. */
export function isContention(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/**
 * Connection exceptions (class 08), shutdown of the server (57P01 to 57P03), too many clients, the socket's own, and
 * what the driver (`Connection terminated`) and TypeORM (`already released`) say about work whose connection is gone.
 */
export function isAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return /^(?:08|57P0[123]|53300|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND)/.test(state);
  return error instanceof Error && /^Connection terminated|^timeout exceeded when trying to connect|already released/.test(error.message);
}

/** FLEET_UNAVAILABLE for a database that is away or too contended; every other error as it is. */
export function withMeaning(error: unknown): unknown {
  if (isAway(error)) return new VaultError('FLEET_UNAVAILABLE', 'the database does not answer', {}, { cause: error });
  if (isContention(error)) return new VaultError('FLEET_UNAVAILABLE', 'the database is too contended', {}, { cause: error });
  return error;
}
