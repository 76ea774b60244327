import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findNatsServer } from './nats-binary.js';
import { startNats, type RunningNats } from './start-nats.js';

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

  it('carries messages for whoever has its password, also after a restart', async () => {
    const { url, process: server } = await start();
    expect(await roundTrip(url)).toBe('hello');
    await server?.restart();
    expect(await roundTrip(url)).toBe('hello');
  });

  it('refuses strangers', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    await expect(connect({ servers: `127.0.0.1:${port}`, maxReconnectAttempts: 0 })).rejects.toThrow(/[Aa]uthorization/);
  });

  it('keeps its password across starts, readable by its owner alone and no argument of the process', async () => {
    const first = await start();
    const password = new URL(first.url).password;
    const pid = first.process?.pid ?? 0;
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
    await first.stop();
    expect(new URL((await start()).url).password).toBe(password);
    for (const file of ['bus-password', 'nats-server.conf', 'nats-server.log']) expect(statSync(join(dir, file)).mode & 0o077).toBe(0);
  });

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

async function roundTrip(url: string): Promise<string> {
  const { username, password, host } = new URL(url);
  const client = await connect({ servers: host, user: username, pass: password });
  const subscription = client.subscribe('echo', { callback: (_, message) => void message.respond(message.data) });
  const answer = await client.request('echo', 'hello', { timeout: 2_000 });
  subscription.unsubscribe();
  await client.close();
  return answer.string();
}
