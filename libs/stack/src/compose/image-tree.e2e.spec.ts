import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '../files/free-port.js';
import { projectRoot } from '../files/project.js';
import { findNatsServer } from '../nats/nats-binary.js';
import { openBundleProof } from '@strongroom/transparency';
import { OperatorClient } from '../operator/operator-client.js';
import { startPostgres, type RunningPostgres } from '../postgres/start-postgres.js';
import { ServiceProcess } from '../process/service-process.js';
import { saysServiceReady } from '../process/service-spec.js';
import { until } from '../process/until.js';
import { OUR_IMAGE, readCompose, type ComposeFile } from './compose-file.fixture.js';
import { OneMachine } from './one-machine.fixture.js';

const run = promisify(execFile);
const STEP_MS = 60_000;

/** The image's folder tree, and every command of docker-compose.yml run in it by hand, in the order of depends_on. */
describe('the image', () => {
  let dir: string;
  let tree: string;
  let before: readonly string[];
  let postgres: RunningPostgres;
  let file: ComposeFile;
  let machine: OneMachine;
  let natsPort: number;
  let gatewayPort: number;
  const running = new Map<string, ServiceProcess>();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'image-'));
    tree = join(dir, 'app');
    await run(process.execPath, [join(projectRoot(), 'scripts', 'image.mjs'), tree]);
    before = listing(tree);
    const passwords = await newPasswords(dir);
    file = readCompose(passwords);
    const [forNats = 0, port = 0, ...ports] = await freePorts(16);
    natsPort = forNats;
    gatewayPort = port;
    postgres = await startPostgres({ dataDir: join(dir, 'postgres'), env: {} });
    machine = new OneMachine({ volumesDir: join(dir, 'volumes'), natsPort, gatewayPort, ports, databaseUrls: postgres.urls });
  });

  afterAll(async () => {
    await Promise.all([...running.values()].map((service) => service.stop()));
    await postgres.stop();
    rmSync(dir, { recursive: true });
  });

  async function start(name: string, service: ServiceProcess): Promise<void> {
    running.set(name, service);
    await service.start();
  }

  /** The bus with the configuration that its container mounts, on another port. */
  async function natsOfCompose(port: number): Promise<ServiceProcess> {
    const shipped = readFileSync(join(projectRoot(), 'deploy', 'nats', 'nats-server.conf'), 'utf8');
    const config = join(dir, 'nats-server.conf');
    symlinkSync(join(dir, 'volumes', 'bus-users'), join(dir, 'users'));
    writeFileSync(
      config,
      shipped
        .replace('0.0.0.0:4222', `127.0.0.1:${port}`)
        .replace(/^http:.*$/m, '')
        .replace('"/events"', JSON.stringify(join(dir, 'volumes', 'events'))),
    );
    const places = { path: process.env['PATH'] ?? '', cacheDir: join(projectRoot(), '.cache'), progress: () => undefined };
    return new ServiceProcess({
      name: 'nats',
      command: { program: await findNatsServer(places), args: ['--config', config] },
      env: {},
      cwd: dir,
      logFile: join(dir, 'nats.log'),
      isReady: (logged) => logged.includes('Server is ready'),
      readyTimeoutMs: STEP_MS,
      stopTimeoutMs: 5_000,
    });
  }

  function containerOf(name: string): ServiceProcess {
    const { args, env } = machine.translate(name, file);
    return new ServiceProcess({
      name,
      command: { program: process.execPath, args },
      env,
      cwd: tree,
      logFile: join(dir, 'logs', `${name}.log`),
      isReady: saysServiceReady,
      readyTimeoutMs: STEP_MS,
      stopTimeoutMs: 8_000,
    });
  }

  async function once(name: string): Promise<string> {
    const { args, env } = machine.translate(name, file);
    return (await run(process.execPath, [...args], { cwd: tree, env, timeout: 2 * STEP_MS })).stdout;
  }

  async function isHealthy(name: string): Promise<true | undefined> {
    await run(process.execPath, [...machine.healthcheck(name, file)], { cwd: tree, env: {} });
    return true;
  }

  it('makes the trust root, starts every service healthy, deploys the fleet', async () => {
    expect(await once('trust-init')).toMatch(/operator/);
    expect(await once('bus-init')).toMatch(/observer +U/);
    await start('nats', await natsOfCompose(natsPort));
    expect(await once('event-keeper')).toMatch(/30 days/);
    const lasting = Object.entries(file.services).filter(([, { image, restart }]) => OUR_IMAGE.test(image) && restart !== 'no');
    expect(lasting.length).toBe(11);
    await Promise.all(lasting.map(([name]) => start(name, containerOf(name))));
    await Promise.all(
      lasting.map(([name]) => until(() => isHealthy(name), { what: `${name} to be healthy`, timeoutMs: STEP_MS, everyMs: 500 })),
    );
    expect(await once('fleet-init')).toMatch(/main serves with 5 nodes/);
    const gateway = new OperatorClient({ gatewayUrl: `http://127.0.0.1:${gatewayPort}`, token: () => Promise.resolve('') });
    expect(await gateway.health()).toMatchObject({ status: 'ok', fleets: [{ fleetId: 'main', live: 5, nodes: 5 }] });
    expect((await fetch(`http://127.0.0.1:${gatewayPort}/console`)).url).toMatch(/\/console\/audit$/);
    const { note = '' } = (await gateway.bundle()) ?? {};
    const lines = openBundleProof(note)
      .checkpoint.split('\n')
      .filter((line) => line.startsWith('\u2014'));
    expect(lines.map((line) => line.split(' ')[1]?.split('/').at(-1)).sort()).toEqual(['log', 'witness-1', 'witness-2']);
  });

  it('changes nothing when the one-shots run again', async () => {
    await once('trust-init');
    await once('bus-init');
    await once('event-keeper');
    expect(await once('fleet-init')).toMatch(/bundle epoch 1,/);
  });

  it('holds no specs and no packages of the tests, and nothing in it was written to', () => {
    expect(before.filter((line) => !line.startsWith('node_modules/') && /\.(?:spec|suite|fixture)\./.test(line))).toEqual([]);
    expect(readdirSync(join(tree, 'node_modules')).filter((name) => ['jest', 'typescript', 'eslint'].includes(name))).toEqual([]);
    expect(listing(tree)).toEqual(before);
  });

  it('says by its health check that a service is gone', async () => {
    await running.get('fleet-registry')?.stop();
    await expect(isHealthy('fleet-registry')).rejects.toMatchObject({ code: 1 });
  });
});

async function newPasswords(dir: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(dir, 'compose');
  mkdirSync(folder);
  cpSync(join(projectRoot(), 'deploy', 'new-env.mjs'), join(folder, 'new-env.mjs'));
  await run(process.execPath, ['new-env.mjs'], { cwd: folder });
  const lines = readFileSync(join(folder, '.env'), 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Every path of the tree with its time of change. */
function listing(tree: string): readonly string[] {
  return readdirSync(tree, { recursive: true, encoding: 'utf8' })
    .map((path) => `${path} ${statSync(join(tree, path)).mtimeMs}`)
    .sort();
}
