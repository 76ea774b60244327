import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeSigner, SILENT_LOG } from '@strongroom/platform';
import {
  assembleNote,
  formatCheckpoint,
  fsck,
  leafHash,
  makeVkey,
  openCheckpoint,
  signCheckpoint,
  SourceUnavailable,
  treeRoot,
} from '@strongroom/transparency';
import { FolderDisk } from '../disk/folder-disk.js';
import { OpenLogs } from '../log/open-logs.js';
import { Mirror } from '../mirror/mirror.js';
import { DiskSource } from '../source/disk-source.js';
import { HttpSource } from '../source/http-source.js';
import { logRoute } from './log-route.js';
import { PublicServer } from './public-server.js';

const KEY = nodeSigner(new Uint8Array(32).fill(5));
const VKEY = makeVkey('vault.example/main/log', KEY.publicKey);
const EVIDENCE = makeVkey('vault.example/main/evidence', nodeSigner(new Uint8Array(32).fill(6)).publicKey);
const SIZE = 600;
const entry = (i: number): Uint8Array => new TextEncoder().encode(`entry ${i}\n`);

let dir: string;
let logs: OpenLogs;
let server: PublicServer;
let base: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-log-'));
  logs = await OpenLogs.open(
    join(dir, 'logs'),
    [
      { vkey: VKEY, signer: KEY },
      { vkey: EVIDENCE, signer: nodeSigner(new Uint8Array(32).fill(6)) },
    ],
    () => undefined,
  );
  await Promise.all(Array.from({ length: SIZE }, (_, i) => logs.queue(VKEY.name).append(entry(i))));
  await writeFile(join(dir, 'logs', 'secret'), 'not public');
  server = await PublicServer.listen({ port: 0, host: '127.0.0.1', routes: logs.routes(), log: SILENT_LOG });
  base = `http://127.0.0.1:${server.port}/log/`;
});

afterAll(async () => {
  await server.close();
  await logs.close();
  await rm(dir, { recursive: true });
});

/** The path as it is, without what a URL parser would make of it. */
function raw(path: string, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: server.port, host: '127.0.0.1', path, method }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('a log over HTTP', () => {
  it('serves the checkpoint for now and tiles for ever', async () => {
    const checkpoint = await fetch(`${base}checkpoint`);
    expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(checkpoint.headers.get('cache-control')).toBe('no-cache');
    expect(openCheckpoint(await checkpoint.text(), VKEY).checkpoint.size).toBe(SIZE);
    const tile = await fetch(`${base}tile/0/001`);
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
    expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await tile.arrayBuffer()).byteLength).toBe(8_192);
    expect((await fetch(`${base}tile/1/000.p/2`)).status).toBe(200);
  });

  it('gives bundles of entries the same bytes, compressed and not', async () => {
    const [zipped, plain] = await Promise.all(
      ['gzip', 'identity'].map((encoding) => fetch(`${base}tile/entries/002.p/88`, { headers: { 'accept-encoding': encoding } })),
    );
    expect([zipped?.headers.get('content-encoding'), plain?.headers.get('content-encoding')]).toEqual(['gzip', null]);
    expect(await zipped?.arrayBuffer()).toEqual(await plain?.arrayBuffer());
  });

  it.each([
    '/log/tile/0/002',
    '/log/tile/0/000.p/255',
    '/log/tile/00/000',
    '/log/tile/0/000/',
    '/log/../secret',
    '/log/tile/../../secret',
    '/log/%2e%2e/secret',
    '/log/tile/0/..%2f..%2f..%2fsecret',
    '/log/next',
    '/log/lock',
    '/secret',
    '/log//checkpoint',
    '/',
  ])('has nothing at %s', async (path) => {
    expect(await raw(path)).toBe(404);
  });

  it('takes nothing', async () => {
    expect(await raw('/log/checkpoint', 'POST')).toBe(405);
    expect(await raw('/log/tile/0/000', 'DELETE')).toBe(405);
    expect(await raw('/log/checkpoint', 'HEAD')).toBe(200);
  });

  it('keeps logs of two origins apart, under one lock', async () => {
    const evidence = new HttpSource(`http://127.0.0.1:${server.port}/evidence`);
    expect(await fsck(evidence, EVIDENCE)).toMatchObject({ outcome: 'ok', size: 0 });
    await expect(OpenLogs.open(join(dir, 'logs'), [], () => undefined)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('checking a log', () => {
  it('derives all of it again over HTTP', async () => {
    const told: number[] = [];
    const report = await fsck(new HttpSource(base), VKEY, (done) => void told.push(done));
    expect(report).toMatchObject({ outcome: 'ok', size: SIZE, files: 7, problems: [] });
    expect(told).toEqual([256, 512, 600]);
  });

  it.each([
    ['an entry is another', 'tile/entries/001', 1],
    ['a hash is another', 'tile/0/001', 1],
    ['a hash of the level above is another', 'tile/1/000.p/2', 1],
    ['a bundle is cut', 'tile/entries/002.p/88', undefined],
    ['a tile is missing', 'tile/0/002.p/88', null],
    ['the checkpoint is missing', 'checkpoint', null],
    ['the checkpoint was changed', 'checkpoint', 1],
  ])('fails when %s', async (_what, path, change) => {
    const disk = FolderDisk.existing(join(dir, 'logs', 'log'));
    const altered = new DiskSource({
      read: async (name) => {
        const bytes = await disk.read(name);
        if (name !== path || !bytes) return bytes;
        if (change === null) return undefined;
        if (change === undefined) return bytes.subarray(0, -1);
        return bytes.map((byte, i) => (i === 40 ? byte ^ change : byte));
      },
    });
    expect((await fsck(altered, VKEY)).outcome).toBe('failed');
  });

  it('says that it could not check rather than that it failed', async () => {
    await expect(fsck(new HttpSource('http://127.0.0.1:9/log/'), VKEY)).rejects.toBeInstanceOf(SourceUnavailable);
  });
});

describe('a mirror', () => {
  it('copies what is new, serves the same bytes, and goes on where it stopped', async () => {
    const disk = await FolderDisk.open(join(dir, 'mirror'));
    const mirror = new Mirror(disk, new HttpSource(base), VKEY);
    expect(await mirror.sync()).toEqual({ outcome: 'copied', size: SIZE });
    expect(await mirror.sync()).toEqual({ outcome: 'same', size: SIZE });
    await logs.queue(VKEY.name).append(entry(SIZE));
    expect(await new Mirror(disk, new HttpSource(base), VKEY).sync()).toEqual({ outcome: 'copied', size: SIZE + 1 });
    const copy = await PublicServer.listen({ port: 0, host: '127.0.0.1', routes: [logRoute('/log/', mirror.source)], log: SILENT_LOG });
    const url = `http://127.0.0.1:${copy.port}/log/`;
    expect(await fsck(new HttpSource(url), VKEY)).toMatchObject({ outcome: 'ok', size: SIZE + 1 });
    for (const path of ['checkpoint', 'tile/entries/000', 'tile/1/000.p/2']) {
      const [own, copied] = await Promise.all([base, url].map(async (prefix) => (await fetch(prefix + path)).arrayBuffer()));
      expect(copied).toEqual(own);
    }
    await copy.close();
  });

  it('keeps what it has when its log shows another tree, an older one, or entries that do not fit', async () => {
    const disk = await FolderDisk.open(join(dir, 'watch'));
    await new Mirror(disk, new HttpSource(base), VKEY).sync();
    const before = await disk.read('checkpoint');
    // The entries of the larger tree are there: what is wrong is the root alone.
    await logs.queue(VKEY.name).append(entry(SIZE + 1));
    const shown = (size: number, hashes: readonly Uint8Array[]): DiskSource => {
      const checkpoint = { origin: VKEY.name, size, root: treeRoot(hashes) };
      const note = Buffer.from(assembleNote(formatCheckpoint(checkpoint), [signCheckpoint(checkpoint, KEY)]));
      const honest = FolderDisk.existing(join(dir, 'logs', 'log'));
      return new DiskSource({ read: async (path) => (path === 'checkpoint' ? note : honest.read(path)) });
    };
    const forked = Array.from({ length: SIZE + 2 }, (_, i) => leafHash(entry(i + 1)));
    for (const [source, outcome] of [
      [shown(SIZE + 1, forked.slice(0, SIZE + 1)), 'diverged'],
      [shown(SIZE + 2, forked), 'diverged'],
      [shown(1, forked.slice(0, 1)), 'behind'],
    ] as const) {
      expect((await new Mirror(disk, source, VKEY).sync()).outcome).toBe(outcome);
      expect(await disk.read('checkpoint')).toEqual(before);
    }
    expect(await disk.read(`diverged-${SIZE + 1}.checkpoint`)).toBeDefined();
  });
});
