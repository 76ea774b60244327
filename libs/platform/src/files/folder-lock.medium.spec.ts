import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderLock } from './folder-lock.js';

let folder: string;
let holder: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-lock-'));
});
afterEach(() => {
  holder?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('the lock of a data folder', () => {
  it('refuses a second process, and is free at once when the first is killed', async () => {
    const script = `const { FolderLock } = await import(${JSON.stringify(import.meta.resolve('./folder-lock.js'))});
      FolderLock.take(${JSON.stringify(folder)}); console.log('taken'); setInterval(() => {}, 1000);`;
    holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (holder.stdout === null) throw new Error('no output to read');
    await once(holder.stdout, 'data');
    expect(() => FolderLock.take(folder)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    FolderLock.take(folder).release();
  });

  it('is free again after its release', () => {
    FolderLock.take(folder).release();
    FolderLock.take(folder).release();
  });
});
