import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BUS_USERS, inboxPrefix, peerAttest } from '@strongroom/contracts';
import { nkeyLogin } from '@strongroom/platform';
import { findNatsServer } from './nats-binary.js';
import { startNats, type RunningNats } from './start-nats.js';

const SUBJECT = `${peerAttest.subject}.main-1`;

describe('the embedded bus', () => {
  let dir: string;
  let nats: RunningNats | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nats-'));
  });

  afterEach(async () => {
    await nats?.stop();
    nats = undefined;
    rmSync(dir, { recursive: true });
  });

  async function start(): Promise<RunningNats> {
    nats = await startNats({ dataDir: dir, env: { PATH: process.env['PATH'] } });
    return nats;
  }

  it('carries messages between those who have a key, also after a restart', async () => {
    const { process: server } = await start();
    expect(await roundTrip()).toBe('hello');
    await server?.restart();
    expect(await roundTrip()).toBe('hello');
  });

  it('refuses strangers', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    await expect(connect({ servers: `127.0.0.1:${port}`, maxReconnectAttempts: 0 })).rejects.toThrow(/[Aa]uthorization/);
  });

  it('keeps its keys across starts, each readable by its owner alone, and gives the server none', async () => {
    const seeds = async (): Promise<readonly string[]> => {
      const { keyFile } = await start();
      return BUS_USERS.map((user) => readFileSync(keyFile(user) ?? '', 'utf8'));
    };
    const first = await seeds();
    expect(new Set(first).size).toBe(BUS_USERS.length);
    const config = readFileSync(join(dir, 'nats-server.conf'), 'utf8');
    for (const seed of first) expect(config).not.toContain(seed);
    await nats?.stop();
    expect(await seeds()).toEqual(first);
    for (const user of BUS_USERS) expect(statSync(nats?.keyFile(user) ?? '').mode & 0o077).toBe(0);
    for (const file of ['nats-server.conf', 'nats-server.log']) expect(statSync(join(dir, file)).mode & 0o077).toBe(0);
  });

  it('has no login that may do everything', async () => {
    expect((await start()).openUrl).toBeUndefined();
    expect(readFileSync(join(dir, 'nats-server.conf'), 'utf8')).not.toMatch(/password/);
  });

  /** From a node to another one, and back. */
  async function roundTrip(): Promise<string> {
    const { url, keyFile } = nats ?? {};
    const options = { servers: (url ?? '').replace('nats://', ''), authenticator: nkeyLogin(keyFile?.('hsm-node') ?? '') };
    const [one, other] = await Promise.all([connect(options), connect({ ...options, inboxPrefix: inboxPrefix('hsm-node') })]);
    one.subscribe(SUBJECT, { callback: (_, message) => void message.respond(message.data) });
    await one.flush();
    const answer = await other.request(SUBJECT, 'hello', { timeout: 2_000 });
    await Promise.all([one.close(), other.close()]);
    return answer.string();
  }

  it('is not started when NATS_URL names one', async () => {
    nats = await startNats({ dataDir: dir, env: { NATS_URL: 'nats://10.0.0.1:4222' } });
    expect(nats).toMatchObject({ url: 'nats://10.0.0.1:4222', process: undefined });
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('finding a nats-server', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nats-cache-'));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  /** Stand-ins for apt-get and dpkg, found through PATH by name as the real ones are. */
  function tool(name: string, script: string): void {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  }

  it('prefers one on the PATH', async () => {
    tool('nats-server', 'exit 0');
    expect(await findNatsServer({ path: dir, cacheDir: join(dir, 'cache'), progress: () => undefined })).toBe(join(dir, 'nats-server'));
  });

  it('says what to do where there is neither a server nor apt', async () => {
    const places = { path: dir, cacheDir: join(dir, 'cache'), progress: () => undefined };
    await expect(findNatsServer(places)).rejects.toThrow(/install one .* or set NATS_URL .*no apt-get/);
  });

  it('unpacks the Debian package once when several look for it at once', async () => {
    const places = { path: process.env['PATH'] ?? '', cacheDir: join(dir, 'cache'), progress: () => undefined };
    const found = await Promise.all([1, 2, 3].map(() => findNatsServer(places)));
    expect(new Set(found).size).toBe(1);
    expect(execFileSync(found[0] ?? '', ['--version'], { encoding: 'utf8' })).toMatch(/nats-server/);
  });
});
