import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOutboxTable, dropOutboxTable, type PostgresOptions } from '@strongroom/platform/database';
import { Secret } from '@strongroom/protocol';
import { startPostgres } from '@strongroom/stack';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';

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

/** A PostgreSQL for one spec: the one of DATABASE_URL, else one of its own. */
export class TrialDatabase {
  private constructor(
    /** As DATABASE_URL takes it, with the password. */
    readonly url: string,
    readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<TrialDatabase> {
    const dataDir = mkdtempSync(join(tmpdir(), 'postgres-'));
    const { urls, stop } = await startPostgres({ dataDir, env: { DATABASE_URL: process.env['DATABASE_URL'] } });
    return new TrialDatabase(urls.strongroom_registry, async () => {
      await stop();
      rmSync(dataDir, { recursive: true });
    });
  }

  /** A schema that no other test uses, with a counter that starts at 0 and an outbox. */
  trialOptions(): PostgresOptions {
    const schema = `trial_${[...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
    return { url: new Secret(this.url), service: 'trial', schema, entities: [], migrations: [CreateCounter1700000000000] };
  }
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
