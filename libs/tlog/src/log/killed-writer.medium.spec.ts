import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toBase64, treeRoot } from '@strongroom/transparency';
import { FolderDisk } from '../disk/folder-disk.js';
import { DiskSource } from '../source/disk-source.js';
import { newKey } from './killed-writer.fixture.js';

const script = fileURLToPath(new URL('killed-writer.fixture.js', import.meta.url));
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-killed-'));
});

afterAll(() => rm(dir, { recursive: true }));

/** What the process told before it ended, and whether it was killed. */
function writer(folder: string, key: string, killAt: number): Promise<{ told: string[]; killed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, folder, key, String(killAt)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(`the writer ended with ${code ?? signal}`));
      else resolve({ told: out.split('\n').filter((line) => line !== ''), killed: signal === 'SIGKILL' });
    });
  });
}

async function story(killAt: number): Promise<boolean> {
  const [folder, key] = [join(dir, String(killAt)), newKey()];
  const first = await writer(folder, key, killAt);
  const second = await writer(folder, key, Number.MAX_SAFE_INTEGER);
  const hashes = await new DiskSource(FolderDisk.existing(folder)).leafHashes(2);
  const trees = [2].map((size) => `log.example/fleet-keys ${size} ${toBase64(treeRoot(hashes.slice(0, size)))}`);
  // Whatever either process told of is a tree of the log as it is now.
  expect(trees).toEqual(expect.arrayContaining([...first.told, ...second.told]));
  expect(second.told.at(-1)).toBe(trees[0]);
  return first.killed;
}

describe('a process that writes a log', () => {
  it('may be killed before any flush: the next one goes on with the same tree', async () => {
    let killAt = 0;
    for (let killed = true; killed; killAt += 2) killed = (await Promise.all([story(killAt), story(killAt + 1)])).every((one) => one);
    expect(killAt).toBeGreaterThan(12);
  });
});
