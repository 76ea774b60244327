import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { bundleCountersign, bundleCurrent, bundlePropose, bundlePublished, evidenceRead, fleetSetState } from '@strongroom/contracts';
import { Bus, createContext, createSigningKey, mintDevelopmentToken, SILENT_LOG } from '@strongroom/platform';
import { startNats, startPostgres, until, type RunningNats, type RunningPostgres } from '@strongroom/stack';
import { formatSignatureLine, formatTrustRoot, makeVkey, signNoteText, verifyBundle, type TrustRoot } from '@strongroom/transparency';
import { auditorSigner, exampleFleet, exampleSigner, exampleTrustRoot } from '@strongroom/transparency/example';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { readConfig } from '../config.js';
import type { PublishedBundle } from './bundle.js';
import { BundleStore } from './bundle.store.js';
import { bundleStoreSuite } from './bundle.store.suite.js';

let dir: string;
let nats: RunningNats;
let postgres: RunningPostgres;
let app: INestApplicationContext;
let bus: Bus;
let trustRoot: TrustRoot;
let told: PublishedBundle[] = [];
let marked: string[] = [];

function boot(dataDir = join(dir, 'publisher')): Promise<INestApplicationContext> {
  const config = readConfig({
    NODE_ENV: 'test',
    NATS_URL: nats.openUrl,
    DATABASE_URL: postgres.urls.strongroom_publisher,
    TOKEN_ISSUERS: 'development',
    TRUST_ROOT: join(dir, 'trust-root.json'),
    DATA_DIR: dataDir,
  });
  return AppModule.forRoot(config, SILENT_LOG).then((module) => createContext(module, SILENT_LOG));
}

/** Registry and auditor, as far as their contracts go. */
async function serveNeighbours(): Promise<void> {
  const { fleetId, epoch, statements, ...parameters } = exampleFleet();
  const { n, t, q, attempts, ksf } = parameters;
  const fleet = { fleetId, epoch, state: 'forming' as const, parameters: { n, t, q, attempts, suite: 1 as const, ksf }, members: [] };
  await bus.serve(evidenceRead, () => ({ fleets: [{ ...fleet, statements: statements.map((statement) => Uint8Array.from(statement)) }] }));
  await bus.serve(fleetSetState, ({ fleetId: id, state }) => {
    marked.push(`${id} ${state}`);
    return { ...fleet, state };
  });
  await bus.serve(bundleCountersign, ({ text }) => ({
    signatureLine: formatSignatureLine(signNoteText(text, trustRoot.auditor.name, auditorSigner)),
  }));
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-publisher-'));
  const env = { PATH: process.env['PATH'] };
  nats = await startNats({ dataDir: join(dir, 'nats'), env, openLogin: true });
  postgres = await startPostgres({ dataDir: join(dir, 'postgres'), env });
  const operator = await createSigningKey(join(dir, 'publisher'));
  trustRoot = { ...exampleTrustRoot, operator: makeVkey(exampleTrustRoot.operator.name, operator.publicKey) };
  await writeFile(join(dir, 'trust-root.json'), formatTrustRoot(trustRoot));
  const [other, first] = await Promise.all([boot(), boot()]);
  await other.close();
  app = first;
  bus = await Bus.connect({ url: nats.openUrl ?? '', name: 'spec', log: SILENT_LOG });
  await serveNeighbours();
  await bus.onEvent(bundlePublished, (bundle) => void told.push(bundle));
}, 60_000);

beforeEach(async () => {
  await app.get(DataSource).query('TRUNCATE bundle, draft, outbox');
  told = [];
  marked = [];
});

afterAll(async () => {
  await bus?.onApplicationShutdown();
  await app?.close();
  await postgres?.stop();
  await nats?.stop();
  await rm(dir, { recursive: true, force: true });
}, 30_000);

bundleStoreSuite(async () => ({
  store: app.get(BundleStore, { strict: false }),
  events: async () => {
    const empty = async (): Promise<true | undefined> =>
      (await app.get(DataSource).query('SELECT 1 FROM outbox')).length === 0 ? true : undefined;
    await until(empty, { what: 'the outbox to be empty', timeoutMs: 5_000 });
    await bus.flush();
    return told;
  },
}));

describe('the bundle publisher', () => {
  const token = (roles: readonly string[]): Promise<string> =>
    mintDevelopmentToken({ sub: 'someone', bindingKey: exampleSigner(99).publicKey, roles, nowMs: Date.now() });

  it('has tables that fit its entities', async () => {
    const { upQueries } = await app.get(DataSource).driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('publishes, serves and tells a bundle that any client accepts', async () => {
    await expect(bus.call(bundleCurrent, {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const bundle = await bus.call(bundlePropose, { operatorToken: await token(['operator']) });
    expect(verifyBundle({ source: bundle.note, trustRoot, memory: undefined, purpose: 'register', nowMs: Date.now() }).bundle.epoch).toBe(
      1,
    );
    expect(await bus.call(bundleCurrent, {})).toEqual(bundle);
    expect(marked).toEqual(['eu-1 active']);
    await until(() => (told.length > 0 ? true : undefined), { what: 'the event', timeoutMs: 5_000 });
    expect(told).toEqual([bundle]);
  });

  it('makes one bundle for two operators who ask at once', async () => {
    const operatorToken = await token(['operator']);
    const [one, two] = await Promise.all([bus.call(bundlePropose, { operatorToken }), bus.call(bundlePropose, { operatorToken })]);
    expect(one).toEqual(two);
    expect(one.epoch).toBe(1);
  });

  it('serves operators only, whatever the gateway says', async () => {
    await expect(bus.call(bundlePropose, { operatorToken: await token([]) })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(bus.call(bundlePropose, { operatorToken: 'nonsense' })).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(bus.call(bundleCurrent, {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it("does not start with a key that is not the operator's", async () => {
    await createSigningKey(join(dir, 'stranger'));
    await expect(boot(join(dir, 'stranger'))).rejects.toThrow("not the operator's key");
  });

  it('answers again by itself when the database was restarted', async () => {
    const operatorToken = await token(['operator']);
    await postgres.process?.kill9();
    await expect(bus.call(bundlePropose, { operatorToken })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await postgres.process?.start();
    const bundle = await until(() => bus.call(bundlePropose, { operatorToken }), { what: 'the publisher to answer', timeoutMs: 10_000 });
    expect(bundle.epoch).toBe(1);
  }, 60_000);
});
