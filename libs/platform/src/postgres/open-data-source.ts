import { setTimeout as delay } from 'node:timers/promises';
import { VaultError, type Secret } from '@strongroom/protocol';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Log } from '../logging/log.js';
import { migrate } from './migrate.js';
import { TypeormLog } from './typeorm-log.js';

export interface PostgresOptions {
  /** DATABASE_URL, with its password. */
  readonly url: Secret<string>;
  /** As in `fleet-registry`: shown in pg_stat_activity. */
  readonly service: string;
  /** Schema of this service's tables, made at the first start, so that several services can share one database. */
  readonly schema: string;
  /** Entity classes. */
  readonly entities: readonly (abstract new () => object)[];
  /** Migration classes, oldest first. Their unqualified names mean tables of `schema`. */
  readonly migrations: readonly (new () => object)[];
  readonly poolSize?: number;
  /** How long the first connection and the migrations may take. 20 s unless told. */
  readonly openDeadlineMs?: number;
}

const OPEN_DEADLINE_MS = 20_000;
const RETRY_MS = 250;

/** A lost connection fails its query and the pool makes a new one; no statement and no idle transaction lasts for ever. */
export function dataSourceOptions(options: PostgresOptions, log: Log): DataSourceOptions {
  if (!/^[a-z][a-z_]{0,39}$/.test(options.schema)) throw new TypeError('schema must be lower-case letters and underscores');
  return {
    type: 'postgres',
    url: options.url.reveal(),
    applicationName: `strongroom-${options.service}`,
    schema: options.schema,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTransactionMode: 'all',
    synchronize: false,
    logging: ['warn', 'migration'],
    logger: new TypeormLog(log),
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: 3_000,
    extra: {
      options: `-c search_path=${options.schema}`,
      statement_timeout: 10_000,
      query_timeout: 12_000,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
    },
  };
}

/** Connects, waiting for a server that is still starting, and brings the schema up to date. @throws FLEET_UNAVAILABLE */
export async function openDataSource(options: PostgresOptions, log: Log): Promise<DataSource> {
  const deadlineMs = performance.now() + (options.openDeadlineMs ?? OPEN_DEADLINE_MS);
  const source = new DataSource(dataSourceOptions(options, log));
  for (;;) {
    try {
      await source.initialize();
      break;
    } catch (cause) {
      // The driver's message names host and user at most; the URL stays out of it.
      const reason = cause instanceof Error ? cause.message : 'unknown reason';
      if (performance.now() + RETRY_MS > deadlineMs) {
        throw new VaultError('FLEET_UNAVAILABLE', `the database does not answer: ${reason}`, {}, { cause });
      }
      log.warn({ event: 'postgres.waiting', reason });
    }
    await delay(RETRY_MS);
  }
  try {
    await migrate(source, options.schema, deadlineMs, log);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}
