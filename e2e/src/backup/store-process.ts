import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { S3Object, WebDavFolder, type BackupStore, type StoreFetch } from '@strongroom/client/backup';
import { freePort, ServiceProcess } from '@strongroom/stack';
import { debianProgram } from './debian-program.js';

/** A server of its own process that keeps files for apps, with a folder and a login of its own. */
export interface StoreProcess {
  readonly server: ServiceProcess;
  /** What an app opens the place of one backup with. @param wrap sees and may change each request */
  store(name: string, wrap?: (fetch: StoreFetch) => StoreFetch): BackupStore;
  /** Likewise with a login that the server does not know. */
  stranger(name: string): BackupStore;
  end(): Promise<void>;
}

const plain: StoreFetch = (url, init) => fetch(url, init);
const TIMES = { readyTimeoutMs: 60_000, stopTimeoutMs: 5_000 };

/** Debian's rclone as a WebDAV server. */
export async function startWebDav(): Promise<StoreProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'webdav-'));
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const served = join(folder, 'served');
  mkdirSync(served);
  const args = ['serve', 'webdav', '--addr', `127.0.0.1:${port}`, '--user', 'app', '--pass', password, '--config', '', served];
  const server = new ServiceProcess({
    name: 'rclone',
    command: { program: await debianProgram('rclone'), args },
    env: { HOME: folder, PATH: '/usr/bin:/bin' },
    cwd: folder,
    logFile: join(folder, 'rclone.log'),
    isReady: () => answers(port),
    ...TIMES,
  });
  await server.start();
  const url = `http://127.0.0.1:${port}/`;
  const login = (secret: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`app:${secret}`).toString('base64')}`,
  });
  return {
    server,
    store: (name, wrap = (fetch) => fetch) => new WebDavFolder({ url: `${url}${name}`, headers: login(password), fetch: wrap(plain) }),
    stranger: (name) => new WebDavFolder({ url: `${url}${name}`, headers: login('guessed') }),
    end: () => endOf(server, folder),
  };
}

/** s3rver, which keeps buckets in a folder. It looks for the key in a signature, and does not compute one of version 4 again. */
export async function startS3(): Promise<StoreProcess> {
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  const port = await freePort();
  const program = join(dirname(createRequire(import.meta.url).resolve('s3rver/package.json')), 'bin', 's3rver.js');
  const place = ['--directory', join(folder, 'buckets'), '--address', '127.0.0.1', '--port', String(port)];
  mkdirSync(join(folder, 'buckets'));
  const server = new ServiceProcess({
    name: 's3rver',
    command: { program: process.execPath, args: [program, ...place, '--configure-bucket', 'backups'] },
    env: { HOME: folder, PATH: '/usr/bin:/bin' },
    cwd: folder,
    logFile: join(folder, 's3rver.log'),
    isReady: () => answers(port),
    ...TIMES,
  });
  await server.start();
  const signed = (keyId: string): StoreFetch => {
    const client = new AwsClient({ accessKeyId: keyId, secretAccessKey: 'S3RVER', service: 's3', region: 'us-east-1', retries: 0 });
    return (url, init) => client.fetch(url, init);
  };
  const url = (name: string): string => `http://127.0.0.1:${port}/backups/${name}.age`;
  return {
    server,
    store: (name, wrap = (fetch) => fetch) => new S3Object({ url: url(name), fetch: wrap(signed('S3RVER')) }),
    stranger: (name) => new S3Object({ url: url(name), fetch: signed('GUESSED') }),
    end: () => endOf(server, folder),
  };
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
  await response.body?.cancel();
  return true;
}

async function endOf(server: ServiceProcess, folder: string): Promise<void> {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
