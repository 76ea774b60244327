import { setTimeout as delay } from 'node:timers/promises';
import { VaultError } from '@strongroom/protocol';
import type { DataSource, QueryRunner } from 'typeorm';
import { z } from 'zod';
import type { Log } from '../logging/log.js';

const RETRY_MS = 100;
const takenSchema = z.tuple([z.object({ taken: z.boolean() })]);

/**
 * Runs the migrations that are missing, one process at a time: an advisory lock of this connection keeps out others
 * that start at the same moment, and ends with the connection if this process dies.
 * @param deadlineMs by performance.now()
 * @throws FLEET_UNAVAILABLE when another process keeps the lock beyond the deadline
 */
export async function migrate(source: DataSource, schema: string, deadlineMs: number, log: Log): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await lock(runner, schema, deadlineMs);
    await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    const done = await source.runMigrations();
    if (done.length > 0) log.info({ event: 'postgres.migrated', schema, migrations: done.map(({ name }) => name) });
    await runner.query(`SELECT pg_advisory_unlock(hashtext('strongroom'), hashtext($1))`, [schema]);
  } finally {
    await runner.release();
  }
}

async function lock(runner: QueryRunner, schema: string, deadlineMs: number): Promise<void> {
  for (;;) {
    const rows: unknown = await runner.query(`SELECT pg_try_advisory_lock(hashtext('strongroom'), hashtext($1)) AS taken`, [schema]);
    if (takenSchema.parse(rows)[0].taken) return;
    if (performance.now() > deadlineMs) throw new VaultError('FLEET_UNAVAILABLE', 'another process is migrating the database');
    await delay(RETRY_MS);
  }
}
