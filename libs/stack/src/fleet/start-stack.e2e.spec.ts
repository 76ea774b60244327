import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUS_USERS, nodeReady } from '@strongroom/contracts';
import { nkeyLogin } from '@strongroom/platform';
import type { ServiceProcess } from '../process/service-process.js';
import { readAddresses } from './addresses.js';
import { startStack } from './start-stack.js';
import type { StackOptions } from './stack-options.js';
import type { Stack } from './stack.js';

const SMALL = { n: 3, t: 2, q: 2, attempts: 10, suite: 1, ksf: 'argon2id:8192:1:1' } as const;
const STEP_MS = 30_000;

let dir: string;
let stack: Stack;

function options(over: Partial<StackOptions> = {}): StackOptions {
  return { dataDir: dir, profile: SMALL, hostEnv: { PATH: process.env['PATH'] }, revive: true, ...over };
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stack-'));
  stack = await startStack(options());
});

afterAll(async () => {
  await stack.stop();
  rmSync(dir, { recursive: true });
});

describe('a started stack', () => {
  it('serves a fleet whose node i is process i', async () => {
    expect(await stack.operator.health()).toMatchObject({ status: 'ok', bundleEpoch: 1, fleets: [{ fleetId: 'main', live: 3, nodes: 3 }] });
    expect(stack.fleet).toMatchObject({ state: 'active', parameters: SMALL });
    stack.services.nodes.forEach((node, i) =>
      expect(node.logged()).toContain(`"event":"roster.changed","bundleEpoch":1,"fleetId":"main","node":${i + 1}`),
    );
  });

  it('answers health and metrics of every service', async () => {
    const names = Object.keys(stack.healthUrls);
    expect(names.sort()).toEqual(['bundle-auditor', 'bundle-publisher', 'fleet-registry', 'hsm-node-1', 'hsm-node-2', 'hsm-node-3']);
    for (const url of Object.values(stack.healthUrls)) {
      expect((await fetch(`${url}/health`)).status).toBe(200);
      expect((await fetch(`${url}/metrics`)).status).toBe(200);
    }
  });

  it('shows where it is reached, to its owner alone', () => {
    expect(readAddresses(dir)).toMatchObject({ gatewayUrl: stack.gatewayUrl, natsUrl: stack.natsUrl, fleetId: 'main', pid: process.pid });
    expect(statSync(join(dir, 'stack.json')).mode & 0o077).toBe(0);
  });

  it('refuses a second start on its folder', async () => {
    await expect(startStack(options())).rejects.toThrow(/runs on .* already/);
  });

  it('writes no password, token or key into its logs', () => {
    const seeds = BUS_USERS.map((user) => readFileSync(stack.services.nats.keyFile(user) ?? '', 'utf8'));
    const secrets = [...seeds, ...Object.values(stack.services.postgres.urls).map((url) => new URL(url).password)];
    for (const name of readdirSync(join(dir, 'logs'))) {
      const log = readFileSync(join(dir, 'logs', name), 'utf8');
      for (const secret of secrets) expect(log).not.toContain(secret);
      expect(log).not.toMatch(/eyJ[\w-]+\.eyJ/);
    }
  });

  it('keeps the signing keys apart, each for its owner alone', () => {
    for (const service of ['bundle-publisher', 'bundle-auditor'])
      expect(statSync(join(dir, service, 'signing-key')).mode & 0o777).toBe(0o600);
  });

  it('starts a killed node again, which rejoins', async () => {
    const [node] = stack.services.nodes;
    if (node === undefined) throw new Error('there is no first node');
    const bus = await connect({ servers: new URL(stack.natsUrl).host, authenticator: nkeyLogin(stack.observerKeyFile ?? '') });
    const joined = bus.subscribe(nodeReady.subject, { max: 1, timeout: STEP_MS });
    const { pid } = node;
    process.kill(pid, 'SIGKILL');
    for await (const event of joined) expect(event.json()).toMatchObject({ data: { fleetId: 'main', node: 1, incarnation: 2 } });
    expect(node.pid).not.toBe(pid);
    await bus.close();
  });

  it('ends every process and starts again with the same keys, fleet and bundle', async () => {
    const { fleet, trustRoot, services } = stack;
    const pids = [services.gateway, services.registry, services.publisher, services.auditor, ...services.nodes].map(({ pid }) => pid);
    const started = [
      ...pids,
      ...[services.nats.process, services.postgres.process].flatMap((each: ServiceProcess | undefined) => (each ? [each.pid] : [])),
    ];
    await stack.stop();
    expect(started.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(readAddresses(dir)).toBeUndefined();
    const { profile: _, ...asBefore } = options();
    stack = await startStack(asBefore);
    expect(stack.fleet).toEqual(fleet);
    expect(stack.trustRoot).toEqual(trustRoot);
    expect(await stack.operator.health()).toMatchObject({ bundleEpoch: 1, fleets: [{ live: 3 }] });
  });
});

describe('a start that fails', () => {
  it('names the part and leaves nothing running', async () => {
    const other = mkdtempSync(join(tmpdir(), 'stack-fails-'));
    const failing = startStack(options({ dataDir: other, env: { 'bundle-auditor': { DATABASE_URL: 'nonsense' } } }));
    await expect(failing).rejects.toThrow(/bundle-auditor ended before it was ready[^]*DATABASE_URL/);
    expect(processesOf(other)).toEqual([]);
    rmSync(other, { recursive: true });
  });

  it('can be broken off', async () => {
    const other = mkdtempSync(join(tmpdir(), 'stack-cut-'));
    const cut = new AbortController();
    const starting = startStack(
      options({ dataDir: other, signal: cut.signal, progress: (line) => line.includes('the gateway') && cut.abort() }),
    );
    await expect(starting).rejects.toThrow();
    expect(processesOf(other)).toEqual([]);
    rmSync(other, { recursive: true });
  });
});

/** Command lines with something of that folder: bus and database name theirs among their arguments. */
function processesOf(folder: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLine).filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
