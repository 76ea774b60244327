import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, type Header } from 'tar-stream';
import { encryptBackup, iterated } from '@strongroom/client/backup';
import { backupFolder, restoreFolder } from './backup-file.js';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const quiet = (): void => undefined;
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strongroom-backup-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let made = 0;
async function place(): Promise<string> {
  const path = join(root, `${made++}`);
  await mkdir(path);
  return path;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An age file whose archive holds just these entries, as someone hostile who knows the recipient could make it. */
async function sealedArchive(entries: readonly (Header & { readonly content?: string })[]): Promise<string> {
  const archive = pack();
  const sealing = encryptBackup(key, archive).then((stream) => collect(iterated(stream)));
  for (const { content = '', ...header } of entries) {
    const bytes = Buffer.from(content);
    await new Promise<void>((resolve, reject) => {
      const sink = archive.entry({ size: bytes.length, ...header }, (error) => (error ? reject(error) : resolve()));
      if ((header.type ?? 'file') !== 'file') return;
      if (bytes.length > 0) sink.write(bytes);
      sink.end();
    });
  }
  archive.finalize();
  const file = join(await place(), 'archive.age');
  await writeFile(file, await sealing);
  return file;
}

describe('a backup', () => {
  it('brings back files, empty ones and folders included, links, modes and times', async () => {
    const folder = await place();
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await mkdir(join(folder, 'empty'));
    const large = Buffer.alloc(200_000, 'x');
    await writeFile(join(folder, 'a/b/large'), large);
    await writeFile(join(folder, 'a/none'), '');
    await writeFile(join(folder, 'ünïcode 😀 name'), 'text');
    await writeFile(join(folder, 'n'.repeat(200)), 'long name');
    await chmod(join(folder, 'a/none'), 0o640);
    await utimes(join(folder, 'a/none'), 1_000_000, 1_000_000);
    await symlink('../a/b/large', join(folder, 'empty/link'));
    const file = join(await place(), 'x.age');
    const summary = await backupFolder(folder, file, key, quiet);
    expect(summary).toMatchObject({ files: 4, bytes: 200_013, skipped: [] });
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const out = join(root, 'restored', 'here');
    expect(await restoreFolder(file, out, key, quiet)).toEqual({ files: 4, bytes: 200_013 });
    expect(await readFile(join(out, 'a/b/large'))).toEqual(large);
    expect(await readFile(join(out, 'ünïcode 😀 name'), 'utf8')).toBe('text');
    expect(await readFile(join(out, 'n'.repeat(200)), 'utf8')).toBe('long name');
    expect(await readlink(join(out, 'empty/link'))).toBe('../a/b/large');
    const none = await stat(join(out, 'a/none'));
    expect([none.size, none.mode & 0o777, none.mtimeMs]).toEqual([0, 0o640, 1_000_000_000]);
  });

  it('tells of links that a restore would refuse and stores the rest', async () => {
    const folder = await place();
    await symlink('/etc/passwd', join(folder, 'absolute'));
    await symlink('../outside', join(folder, 'upward'));
    await writeFile(join(folder, 'kept'), '1');
    const summary = await backupFolder(folder, join(await place(), 'x.age'), key, quiet);
    expect(summary.files).toBe(1);
    expect(summary.skipped.map(({ name }) => name)).toEqual(['absolute', 'upward']);
  });

  it('refuses to contain itself, and a folder that is not there', async () => {
    const folder = await place();
    await expect(backupFolder(folder, join(folder, 'x.age'), key, quiet)).rejects.toMatchObject({ metadata: { field: 'out' } });
    await expect(backupFolder(join(folder, 'no'), join(root, 'x.age'), key, quiet)).rejects.toMatchObject({
      metadata: { field: 'folder' },
    });
  });

  it('leaves an older backup alone when it fails', async () => {
    const place1 = await place();
    const file = join(place1, 'x.age');
    await writeFile(file, 'older');
    await expect(backupFolder(join(root, 'missing'), file, key, quiet)).rejects.toThrow();
    expect(await readdir(place1)).toEqual(['x.age']);
    expect(await readFile(file, 'utf8')).toBe('older');
  });
});

describe('a restore', () => {
  async function small(): Promise<string> {
    return sealedArchive([{ name: 'a', content: 'x'.repeat(100_000) }]);
  }

  async function expectNothing(restoring: (out: string) => Promise<unknown>): Promise<void> {
    const parent = await place();
    await expect(restoring(join(parent, 'out'))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await readdir(parent)).toEqual([]);
  }

  it('refuses another key', async () => {
    const file = await small();
    await expectNothing((out) => restoreFolder(file, out, new Uint8Array(32).fill(9), quiet));
  });

  it('refuses a file that was cut short, also between chunks, and leaves nothing behind', async () => {
    const file = await small();
    const { size } = await stat(file);
    for (const cut of [size - 1, size - 65_552, 300, 10, 0]) {
      const copy = join(await place(), 'cut.age');
      await writeFile(copy, await readFile(file));
      await truncate(copy, cut);
      await expectNothing((out) => restoreFolder(copy, out, key, quiet));
    }
  });

  it('refuses a file with one changed byte', async () => {
    const file = await small();
    const bytes = await readFile(file);
    bytes[bytes.length - 500] = (bytes[bytes.length - 500] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expectNothing((out) => restoreFolder(file, out, key, quiet));
  });

  it.each<readonly [string, readonly (Header & { readonly content?: string })[]]>([
    ['a name that climbs', [{ name: '../evil', content: 'x' }]],
    ['a name that climbs later', [{ name: 'a/../../evil', content: 'x' }]],
    ['an absolute name', [{ name: '/tmp/evil', content: 'x' }]],
    ['a backslash', [{ name: 'a\\..\\evil', content: 'x' }]],
    ['an absolute link', [{ name: 'l', type: 'symlink', linkname: '/etc' }]],
    ['a link that climbs out', [{ name: 'a/l', type: 'symlink', linkname: '../../x' }]],
    ['a link that climbs through another', [{ name: 'd/l', type: 'symlink', linkname: 'm/..' }]],
    [
      'a hard link',
      [
        { name: 'a', content: 'x' },
        { name: 'h', type: 'link', linkname: 'a' },
      ],
    ],
    ['a device', [{ name: 'd', type: 'character-device' }]],
    [
      'one name twice',
      [
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ],
    ],
    [
      'a file in the place of a folder',
      [
        { name: 'a', content: 'x' },
        { name: 'a/b', content: 'y' },
      ],
    ],
  ])('refuses %s', async (_name, entries) => {
    const file = await sealedArchive(entries);
    const parent = await place();
    await expect(restoreFolder(file, join(parent, 'out'), key, quiet)).rejects.toThrow();
    expect(await readdir(parent)).toEqual([]);
  });

  it('never writes through a link', async () => {
    const outside = await place();
    const file = await sealedArchive([
      { name: 'l', type: 'symlink', linkname: 'd' },
      { name: 'l/x', content: 'evil' },
      { name: 'd/y', content: '1' },
    ]);
    await expect(restoreFolder(file, join(outside, 'out'), key, quiet)).rejects.toThrow();
    expect(await readdir(outside)).toEqual([]);
  });

  it('refuses a folder that has something in it and takes an empty one', async () => {
    const file = await small();
    const out = await place();
    await writeFile(join(out, 'mine'), '1');
    await expect(restoreFolder(file, out, key, quiet)).rejects.toMatchObject({ metadata: { field: 'out' } });
    await rm(join(out, 'mine'));
    await restoreFolder(file, out, key, quiet);
    expect((await lstat(join(out, 'a'))).size).toBe(100_000);
  });
});
