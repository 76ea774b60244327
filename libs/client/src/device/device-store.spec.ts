import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileDeviceStore } from '../node/file-device-store.js';
import type { DeviceStore } from './device-store.js';
import { MemoryDeviceStore } from './memory-device-store.js';
import { WebDeviceStore } from './web-device-store.js';

const directories: string[] = [];
async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'strongroom-device-'));
  directories.push(made);
  return join(made, 'store');
}
afterAll(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

function webStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

const stores: readonly (readonly [string, () => Promise<DeviceStore>])[] = [
  ['memory', async () => new MemoryDeviceStore()],
  ['web storage', async () => new WebDeviceStore(webStorage())],
  ['files', async () => new FileDeviceStore(await directory())],
];

describe.each(stores)('a device store in %s', (_name, make) => {
  it('has nothing under a new name', async () => {
    expect(await (await make()).read('a.b-1')).toBeNull();
  });

  it('gives back the last text written', async () => {
    const store = await make();
    await store.write('a', 'one');
    await store.write('a', 'two');
    await store.write('b', 'other');
    expect([await store.read('a'), await store.read('b')]).toEqual(['two', 'other']);
  });

  it('forgets what was removed and takes a second removal', async () => {
    const store = await make();
    await store.write('a', 'one');
    await store.remove('a');
    await store.remove('a');
    expect(await store.read('a')).toBeNull();
  });
});

describe('a device store in files', () => {
  it('is readable by its owner alone and leaves no drafts behind', async () => {
    const path = await directory();
    const store = new FileDeviceStore(path);
    await store.write('key', 'secret');
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, 'key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(path)).toEqual(['key']);
  });

  it.each(['', '../key', 'a/b', '.hidden', 'Key'])('refuses the name %j', async (name) => {
    const store = new FileDeviceStore(await directory());
    await expect(store.write(name, 'x')).rejects.toThrow(RangeError);
    await expect(store.read(name)).rejects.toThrow(RangeError);
  });

  it('reports a directory that cannot be used', async () => {
    const path = await directory();
    await writeFile(path, 'a file');
    await expect(new FileDeviceStore(path).write('key', 'x')).rejects.toThrow();
  });
});
