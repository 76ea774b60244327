import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startPostgres, type RunningPostgres } from './start-postgres.js';

describe('the embedded database', () => {
  let dir: string;
  let postgres: RunningPostgres | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'postgres-'));
  });

  afterEach(async () => {
    await postgres?.stop();
    postgres = undefined;
    rmSync(dir, { recursive: true });
  });

  async function start(): Promise<RunningPostgres> {
    postgres = await startPostgres({ dataDir: dir, env: {} });
    return postgres;
  }

  it('keeps rows over a clean restart, a kill -9 and a new start', async () => {
    const first = await start();
    const { strongroom_registry: url } = first.urls;
    await query(url, 'CREATE TABLE kept (n int)');
    await query(url, 'INSERT INTO kept VALUES (1)');
    await first.process?.restart();
    await query(url, 'INSERT INTO kept VALUES (2)');
    await first.process?.kill9();
    await first.process?.start();
    expect(await query(url, 'SELECT sum(n)::int AS sum FROM kept')).toEqual([{ sum: 3 }]);
    await first.stop();
    const second = await start();
    expect(await query(second.urls.strongroom_registry, 'SELECT sum(n)::int AS sum FROM kept')).toEqual([{ sum: 3 }]);
  });

  it('gives each service a database and a role that reaches no other', async () => {
    const { urls } = await start();
    for (const [name, url] of Object.entries(urls)) {
      expect(await query(url, 'SELECT current_database() AS database, current_user AS role')).toEqual([{ database: name, role: name }]);
    }
    const foreign = new URL(urls.strongroom_publisher);
    foreign.pathname = '/strongroom_registry';
    await expect(query(foreign.href, 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
    const stranger = new URL(urls.strongroom_publisher);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('is durable and listens on the loopback only', async () => {
    const { urls } = await start();
    const rows = await query(
      urls.strongroom_auditor,
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'listen_addresses', 'synchronous_commit') ORDER BY name",
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['on', 'on', '127.0.0.1', 'on']);
  });

  it('keeps its passwords readable by their owner alone, and leaves none for initdb behind', async () => {
    await start();
    expect(statSync(join(dir, 'passwords.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(dir, 'initdb-password'))).toBe(false);
  });

  it('starts over what a killed server left behind, even when its pid is somebody else by now', async () => {
    const first = await start();
    await first.process?.kill9();
    const file = join(dir, 'data', 'postmaster.pid');
    const [, ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [String(process.ppid), ...rest].join('\n'));
    await start();
    expect(postgres?.process?.isRunning).toBe(true);
  });

  it('makes the data folder anew when the first start was cut', async () => {
    await (await start()).stop();
    rmSync(join(dir, 'data', 'PG_VERSION'));
    renameSync(join(dir, 'data'), join(dir, 'data.new'));
    await start();
    expect(existsSync(join(dir, 'data.new'))).toBe(false);
  });

  it('is not started when DATABASE_URL names one', async () => {
    const url = 'postgres://someone:secret@db.example/vault';
    postgres = await startPostgres({ dataDir: dir, env: { DATABASE_URL: url } });
    expect(postgres.process).toBeUndefined();
    expect(new Set(Object.values(postgres.urls))).toEqual(new Set([url]));
  });
});

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
