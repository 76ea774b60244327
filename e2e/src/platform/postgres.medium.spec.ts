import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { inTransaction, openDataSource, sqlState, type PostgresOptions } from '@strongroom/platform/database';
import { Secret } from '@strongroom/protocol';
import type { DataSource, EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { RecordingLog } from './recording.js';
import { closeAndDrop, cutConnections, TrialDatabase } from './trial-database.js';

// Servers may have to be fetched and unpacked first, and a busy machine starts them slowly.
jest.setTimeout(120_000);

let database: TrialDatabase;
let options: PostgresOptions;
let source: DataSource;
let log: RecordingLog;

beforeAll(async () => {
  database = await TrialDatabase.start();
});
afterAll(() => database.end());

beforeEach(async () => {
  log = new RecordingLog();
  options = database.trialOptions();
  source = await openDataSource(options, log);
});
afterEach(() => closeAndDrop(source, options));

async function counter(manager: EntityManager | DataSource): Promise<number> {
  const rows: readonly { readonly value: number }[] = await manager.query('SELECT value FROM counter');
  return rows[0]?.value ?? -1;
}

async function increment(manager: EntityManager): Promise<void> {
  await manager.query('UPDATE counter SET value = $1', [(await counter(manager)) + 1]);
}

describe('opening the database', () => {
  it('makes the schema and migrates it once, also when many start at the same moment', async () => {
    const fresh = database.trialOptions();
    const logs = [1, 2, 3, 4].map(() => new RecordingLog());
    const sources = await Promise.all(logs.map((each) => openDataSource(fresh, each)));
    expect(logs.flatMap(({ lines }) => lines).filter(({ event }) => event === 'postgres.migrated')).toHaveLength(1);
    for (const each of sources) expect(await counter(each)).toBe(0);
    for (const each of sources.slice(1)) await each.destroy();
    for (const each of sources.slice(0, 1)) await closeAndDrop(each, fresh);
  });

  it('with a migration that fails changes nothing and lets the next one try', async () => {
    class Fails1800000000000 implements MigrationInterface {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('UPDATE counter SET value = 99');
        await runner.query('SELECT nonsense');
      }
      async down(): Promise<void> {
        throw new Error('there is no way back from what never happened');
      }
    }
    const failing = { ...options, migrations: [...options.migrations, Fails1800000000000] };
    for (let round = 0; round < 2; round++) await expect(openDataSource(failing, log)).rejects.toThrow('nonsense');
    expect(await counter(source)).toBe(0);
  });

  it('that is away ends at the deadline with a clear error and no password', async () => {
    const away = { ...options, url: new Secret('postgres://u:hunter2@127.0.0.1:1/db'), openDeadlineMs: 300 };
    await expect(openDataSource(away, log)).rejects.toMatchObject({
      code: 'FLEET_UNAVAILABLE',
      message: expect.not.stringContaining('hunter2'),
    });
    expect(JSON.stringify(log.lines)).not.toContain('hunter2');
  });
});

describe('a transaction', () => {
  it('is done again when it meets others, so that none is lost', async () => {
    await Promise.all(Array.from({ length: 6 }, () => inTransaction(source, increment, 'SERIALIZABLE')));
    expect(await counter(source)).toBe(6);
  });

  it('leaves nothing behind when its work fails, and is not done again', async () => {
    let runs = 0;
    const failing = inTransaction(source, async (manager) => {
      runs++;
      await increment(manager);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect([runs, await counter(source)]).toEqual([1, 0]);
  });

  it('reports what the database refuses as it is', async () => {
    const error: unknown = await inTransaction(source, (manager) => manager.query('SELECT nonsense')).catch((reason: unknown) => reason);
    expect(sqlState(error)).toBe('42703');
  });

  it('whose connection is cut fails as unavailable, and the next one works', async () => {
    const other = await openDataSource({ ...options, service: 'other' }, log);
    const cut = inTransaction(source, async (manager) => {
      await increment(manager);
      await cutConnections(other, 'strongroom-trial');
      await increment(manager);
    });
    await expect(cut).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await inTransaction(source, increment);
    expect(await counter(source)).toBe(1);
    await other.destroy();
  });
});
