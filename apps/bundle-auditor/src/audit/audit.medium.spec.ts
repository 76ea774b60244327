import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { bundleCountersign, evidenceRead } from '@strongroom/contracts';
import { Bus, createContext, createSigningKey, SILENT_LOG } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import { startNats, startPostgres, until, type RunningNats, type RunningPostgres } from '@strongroom/stack';
import {
  assembleNote,
  deriveBundleText,
  enrolmentDigest,
  formatTrustRoot,
  makeVkey,
  openNote,
  parseSignatureLine,
  type FleetEvidence,
  type TrustRoot,
} from '@strongroom/transparency';
import { exampleFleet, exampleTrustRoot } from '@strongroom/transparency/example';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { readConfig } from '../config.js';
import { AuditStore } from './audit.store.js';
import { auditStoreSuite } from './audit.store.suite.js';

let dir: string;
let nats: RunningNats;
let postgres: RunningPostgres;
let app: INestApplicationContext;
let bus: Bus;
let trustRoot: TrustRoot;
let fleets: FleetEvidence[] = [];

function boot(dataDir = join(dir, 'auditor')): Promise<INestApplicationContext> {
  const config = readConfig({
    NODE_ENV: 'test',
    NATS_URL: nats.openUrl,
    DATABASE_URL: postgres.urls.strongroom_auditor,
    TRUST_ROOT: join(dir, 'trust-root.json'),
    DATA_DIR: dataDir,
  });
  return AppModule.forRoot(config, SILENT_LOG).then((module) => createContext(module, SILENT_LOG));
}

/** The registry, as far as its contract goes; whatever it says, the auditor verifies. */
async function serveRegistry(): Promise<void> {
  await bus.serve(evidenceRead, () => ({
    fleets: fleets.map(({ fleetId, epoch, state, statements, n, t, q, attempts, ksf }) => {
      const parameters = { n, t, q, attempts, suite: 1 as const, ksf };
      return { fleetId, epoch, state, parameters, members: [], statements: statements.map((statement) => Uint8Array.from(statement)) };
    }),
  }));
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-auditor-'));
  const env = { PATH: process.env['PATH'] };
  nats = await startNats({ dataDir: join(dir, 'nats'), env, openLogin: true });
  postgres = await startPostgres({ dataDir: join(dir, 'postgres'), env });
  const auditor = await createSigningKey(join(dir, 'auditor'));
  trustRoot = { ...exampleTrustRoot, auditor: makeVkey(exampleTrustRoot.auditor.name, auditor.publicKey) };
  await writeFile(join(dir, 'trust-root.json'), formatTrustRoot(trustRoot));
  const [other, first] = await Promise.all([boot(), boot()]);
  await other.close();
  app = first;
  bus = await Bus.connect({ url: nats.openUrl ?? '', name: 'spec', log: SILENT_LOG });
  await serveRegistry();
}, 60_000);

beforeEach(async () => {
  await app.get(DataSource).query('TRUNCATE signed_epoch, statement');
  fleets = [exampleFleet()];
});

afterAll(async () => {
  await bus?.onApplicationShutdown();
  await app?.close();
  await postgres?.stop();
  await nats?.stop();
  await rm(dir, { recursive: true, force: true });
}, 30_000);

auditStoreSuite(async () => app.get(AuditStore, { strict: false }));

describe('the bundle auditor', () => {
  const text = (validityS = 86_400, evidence = fleets): string => {
    const issuedAt = Math.floor(Date.now() / 1000);
    return deriveBundleText({ trustRoot, previousText: undefined, issuedAt, expiresAt: issuedAt + validityS, fleets: evidence });
  };
  const countersign = (bundle: string) => bus.call(bundleCountersign, { text: bundle });

  it('has tables that fit its entities', async () => {
    const { upQueries } = await app.get(DataSource).driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('signs what follows from the evidence and keeps text and statements', async () => {
    const bundle = text();
    const { signatureLine } = await countersign(bundle);
    expect(openNote(assembleNote(bundle, [parseSignatureLine(signatureLine)]), [trustRoot.auditor]).signers).toEqual([trustRoot.auditor]);
    const [row] = await app.get(DataSource).query('SELECT text FROM signed_epoch');
    expect(row).toEqual({ text: bundle });
    const kept = await app.get(DataSource).query('SELECT digest FROM statement ORDER BY digest');
    expect(kept).toEqual(
      exampleFleet()
        .statements.map((statement) => ({ digest: toHex(enrolmentDigest(statement)) }))
        .sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    );
  });

  it('never signs a second text for an epoch, also after a restart of the process', async () => {
    const bundle = text();
    const first = await countersign(bundle);
    await app.close();
    app = await boot();
    expect(await countersign(bundle)).toEqual(first);
    await expect(countersign(text(86_401))).rejects.toMatchObject({ code: 'CONFLICT', metadata: { epoch: 1 } });
  });

  it('signs one of many texts for one epoch that come at once', async () => {
    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((i) => countersign(text(86_400 + i))));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses what the registry alone says', async () => {
    const bundle = text();
    const [first, ...others] = exampleFleet().statements;
    fleets = [exampleFleet({ statements: [...others, ...(first ? [first] : [])] })];
    await expect(countersign(bundle)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
    fleets = [exampleFleet({ statements: exampleFleet().statements.map((s) => s.map((byte, i) => (i === 50 ? byte ^ 1 : byte))) })];
    await expect(countersign(bundle)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
    expect(await app.get(DataSource).query('SELECT 1 FROM signed_epoch')).toEqual([]);
  });

  it("does not start with a key that is not the auditor's", async () => {
    await createSigningKey(join(dir, 'stranger'));
    await expect(boot(join(dir, 'stranger'))).rejects.toThrow("not the auditor's key");
  });

  it('signs nothing while its record is away, and answers again by itself', async () => {
    const bundle = text();
    await postgres.process?.kill9();
    await expect(countersign(bundle)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await postgres.process?.start();
    await expect(until(() => countersign(bundle), { what: 'the auditor to answer', timeoutMs: 10_000 })).resolves.toBeDefined();
  }, 60_000);
});
