import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import {
  enrolmentList,
  enrolmentSubmit,
  evidenceRead,
  fleetCreate,
  fleetList,
  fleetSetState,
  type CloudEvent,
} from '@strongroom/contracts';
import { ALL_EVENTS, Bus, createContext, mintDevelopmentToken, parseTokenIssuers, SILENT_LOG } from '@strongroom/platform';
import { OutboxRelay } from '@strongroom/platform/database';
import { Secret, toHex, type Bytes } from '@strongroom/protocol';
import { startNats, startPostgres, until, type RunningNats, type RunningPostgres } from '@strongroom/stack';
import { enrolmentDigest, signEnrolment } from '@strongroom/transparency';
import { exampleEnrolment, exampleSigner } from '@strongroom/transparency/example';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { FleetRequest } from './fleet/fleet.js';

const issuedAt = Math.floor(Date.now() / 1000);
const statementOf = (seed: number): Bytes => signEnrolment(exampleEnrolment(seed, { issuedAt }), exampleSigner(seed));
const digestOf = (seed: number): string => toHex(enrolmentDigest(statementOf(seed)));
const fleetOf = (fleetId: string, seeds: readonly number[]): FleetRequest => ({
  fleetId,
  parameters: { n: 5, t: 3, q: 3, attempts: 10, suite: 1, ksf: 'argon2id:65536:3:1' },
  members: seeds.map(digestOf),
});
const token = (roles: readonly string[]): Promise<string> =>
  mintDevelopmentToken({ sub: 'someone', bindingKey: exampleSigner(99).publicKey, roles, nowMs: Date.now() });

describe('the fleet registry', () => {
  let dir: string;
  let nats: RunningNats;
  let postgres: RunningPostgres;
  let app: INestApplicationContext;
  let bus: Bus;
  let operatorToken: string;
  let events: CloudEvent[] = [];

  const config = (): Parameters<typeof AppModule.forRoot>[0] => ({
    NODE_ENV: 'production',
    NATS_URL: nats.openUrl ?? '',
    DATABASE_URL: new Secret(postgres.urls.strongroom_registry),
    TOKEN_ISSUERS: parseTokenIssuers('development'),
    HEALTH_PORT: 0,
    HEALTH_HOST: '127.0.0.1',
  });
  const boot = (): Promise<INestApplicationContext> =>
    createContext(AppModule.forRoot({ ...config(), NODE_ENV: 'test' }, SILENT_LOG), SILENT_LOG);
  const told = (type: string): CloudEvent[] => events.filter((event) => event.type.includes(type));
  const enrol = (...seeds: number[]): Promise<unknown> =>
    Promise.all(seeds.map((seed) => bus.call(enrolmentSubmit, { statement: statementOf(seed) })));
  const sent = (): Promise<true> =>
    until(async () => ((await app.get(DataSource).query('SELECT 1 FROM outbox LIMIT 1')).length === 0 ? true : undefined), {
      what: 'the outbox to be empty',
      timeoutMs: 5_000,
    });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'strongroom-registry-'));
    const env = { PATH: process.env['PATH'] };
    nats = await startNats({ dataDir: join(dir, 'nats'), env, openLogin: true });
    postgres = await startPostgres({ dataDir: join(dir, 'postgres'), env });
    // Both find an empty database at once: the migrations run in one of them, and the other waits.
    const [other, first] = await Promise.all([boot(), boot()]);
    await other.close();
    app = first;
    bus = await Bus.connect({ url: nats.openUrl ?? '', name: 'spec', log: SILENT_LOG });
    await bus.onEvent(ALL_EVENTS, (_, event) => void events.push(event));
    operatorToken = await token(['operator']);
  }, 60_000);

  beforeEach(async () => {
    await app.get(DataSource).query('TRUNCATE enrolment, fleet, outbox');
    events = [];
  });

  afterAll(async () => {
    await bus?.onApplicationShutdown();
    await app?.close();
    await postgres?.stop();
    await nats?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 30_000);

  it('has tables that fit its entities', async () => {
    const { upQueries } = await app.get(DataSource).driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('enrols a node once, however often it sends its statement, and tells it once', async () => {
    for (let i = 0; i < 3; i++)
      await expect(bus.call(enrolmentSubmit, { statement: statementOf(1) })).resolves.toEqual({ digest: digestOf(1) });
    await Promise.all([enrol(1), enrol(1), enrol(1)]);
    await sent();
    await bus.flush();
    expect(told('node.enrolled').map(({ data }) => data)).toEqual([{ digest: digestOf(1), environment: 'software' }]);
    const { enrolments } = await bus.call(enrolmentList, { operatorToken });
    expect(enrolments).toMatchObject([{ digest: digestOf(1), environment: 'software', keystore: 'sealed-file', softwareVersion: '0.1.0' }]);
  });

  it('refuses a forged, cut, endless or future statement and keeps nothing of it', async () => {
    const forged = statementOf(1);
    forged[30] = (forged[30] ?? 0) ^ 1;
    const future = signEnrolment(exampleEnrolment(1, { issuedAt: issuedAt + 3_600 }), exampleSigner(1));
    for (const statement of [forged, statementOf(1).subarray(1), new Uint8Array(4096), new Uint8Array(0), future]) {
      await expect(bus.call(enrolmentSubmit, { statement })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
    expect((await bus.call(enrolmentList, { operatorToken })).enrolments).toEqual([]);
  });

  it('lists the newest enrolment last', async () => {
    for (const seed of [3, 1, 2]) await enrol(seed);
    const { enrolments } = await bus.call(enrolmentList, { operatorToken });
    expect(enrolments.map(({ digest }) => digest)).toEqual([3, 1, 2].map(digestOf));
  });

  it('serves operators only, whatever the gateway says', async () => {
    for (const [bad, code] of [
      [await token([]), 'FORBIDDEN'],
      ['nonsense', 'TOKEN_INVALID'],
    ] as const) {
      const calls = [
        bus.call(enrolmentList, { operatorToken: bad }),
        bus.call(fleetList, { operatorToken: bad }),
        bus.call(fleetCreate, { operatorToken: bad, ...fleetOf('main', [1, 2, 3, 4, 5]) }),
        bus.call(fleetSetState, { operatorToken: bad, fleetId: 'main', state: 'active' }),
      ];
      for (const call of calls) await expect(call).rejects.toMatchObject({ code });
    }
    expect((await bus.call(fleetList, { operatorToken })).fleets).toEqual([]);
  });

  it('forms a fleet and gives its signed statements as evidence, in the order of the members', async () => {
    await enrol(1, 2, 3, 4, 5);
    const request = fleetOf('main', [3, 1, 5, 2, 4]);
    const fleet = { ...request, epoch: 1, state: 'forming' };
    await expect(bus.call(fleetCreate, { operatorToken, ...request })).resolves.toEqual(fleet);
    await expect(bus.call(fleetCreate, { operatorToken, ...request })).resolves.toEqual(fleet);
    const { fleets } = await bus.call(evidenceRead, {});
    expect(fleets).toEqual([{ ...fleet, statements: [3, 1, 5, 2, 4].map(statementOf) }]);
    await sent();
    await bus.flush();
    expect(told('fleet.changed').map(({ data }) => data)).toEqual([{ fleetId: 'main', state: 'forming', epoch: 1 }]);
  });

  it('moves a fleet along its states and never back, and tells each move once', async () => {
    await enrol(1, 2, 3, 4, 5);
    await bus.call(fleetCreate, { operatorToken, ...fleetOf('main', [1, 2, 3, 4, 5]) });
    const move = (state: 'forming' | 'active' | 'draining' | 'retired') =>
      bus.call(fleetSetState, { operatorToken, fleetId: 'main', state });
    for (const state of ['active', 'active', 'draining', 'retired'] as const) expect(await move(state)).toMatchObject({ state });
    for (const state of ['forming', 'active', 'draining'] as const) await expect(move(state)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(bus.call(fleetSetState, { operatorToken, fleetId: 'none', state: 'active' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await sent();
    await bus.flush();
    expect(told('fleet.changed').map(({ data }) => data)).toEqual(
      ['forming', 'active', 'draining', 'retired'].map((state) => ({ fleetId: 'main', state, epoch: 1 })),
    );
  });

  it('gives a node to one of several fleets that want it at once', async () => {
    await enrol(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const seeds = Array.from({ length: 9 }, (_, i) => i + 1);
    const wanted = seeds.map((first) => [0, 1, 2, 3, 4].map((i) => ((first + i) % 9) + 1));
    const answers = await Promise.allSettled(
      wanted.map((members, i) => bus.call(fleetCreate, { operatorToken, ...fleetOf(`fleet-${i}`, members) })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await bus.call(fleetList, { operatorToken })).fleets).toHaveLength(1);
  });

  it('refuses the development issuer in production', () => {
    expect(() => AppModule.forRoot(config(), SILENT_LOG)).toThrow('development issuer');
  });

  it('answers again by itself when database and NATS were restarted, and loses no event', async () => {
    await enrol(1);
    await postgres.process?.kill9();
    await expect(bus.call(enrolmentSubmit, { statement: statementOf(2) })).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await postgres.process?.start();
    await until(() => enrol(2), { what: 'the registry to answer', timeoutMs: 10_000 });
    await nats.process?.kill9();
    await app
      .get(DataSource)
      .query(`INSERT INTO outbox (event) VALUES ($1)`, [JSON.stringify({ ...waiting, time: new Date().toISOString() })]);
    await nats.process?.start();
    await until(() => enrol(3), { what: 'the registry to answer', timeoutMs: 10_000 });
    app.get(OutboxRelay).wake();
    await until(() => (told('waited').length > 0 ? true : undefined), { what: 'the waiting event', timeoutMs: 10_000 });
    await until(() => (told('node.enrolled').length >= 3 ? true : undefined), { what: 'all events', timeoutMs: 10_000 });
    expect(new Set(told('node.enrolled').map(({ id }) => id)).size).toBe(3);
  }, 60_000);
});

const waiting = {
  specversion: '1.0',
  id: 'waited-1',
  source: '/spec',
  type: 'strongroom.evt.fleet-registry.spec.waited.v1',
  datacontenttype: 'application/json',
  data: {},
};
