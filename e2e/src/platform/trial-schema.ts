import { randomBytes } from 'node:crypto';
import { createOutboxTable, dropOutboxTable, type PostgresOptions } from '@strongroom/platform';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { secretUrl } from './postgres-url.js';

class CreateCounter1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE counter (value integer NOT NULL)');
    await runner.query('INSERT INTO counter VALUES (0)');
    await createOutboxTable(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropOutboxTable(runner);
    await runner.query('DROP TABLE counter');
  }
}

/** A schema that no other test uses, with a counter that starts at 0 and an outbox. */
export function trialOptions(): PostgresOptions {
  const schema = `trial_${[...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
  return { url: secretUrl(), service: 'trial', schema, entities: [], migrations: [CreateCounter1700000000000] };
}

export async function closeAndDrop(source: DataSource, { schema }: PostgresOptions): Promise<void> {
  await source.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await source.destroy();
}

/** Ends all connections of this service's pool but the asking one, as a restarted server would. */
export async function cutConnections(from: DataSource, applicationName: string): Promise<void> {
  await from.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()', [
    applicationName,
  ]);
}
