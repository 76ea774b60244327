import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findChromium } from './find-chromium.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chromium-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, body: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** What the stand-in for apt-get was asked to do. */
function asked(): readonly string[] {
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  return calls.map((line) => (line.includes(' update') ? 'update' : 'install'));
}

const chromium = (): string => join(folder, 'chromium');
const APT = 'echo "$*" >> "${0%/*}/calls"';
const CREATE = 'echo > "${0%/*}/chromium"; /bin/chmod 755 "${0%/*}/chromium"';

describe('the browser of the tests', () => {
  it('is the one that is installed, and nothing is asked for then', async () => {
    program('chromium', '');
    program('apt-get', 'exit 9');
    await expect(findChromium({ path: folder, isRoot: true })).resolves.toBe(chromium());
  });

  it('is installed where it is missing', async () => {
    program('apt-get', [APT, CREATE].join('\n'));
    await expect(findChromium({ path: folder, isRoot: true })).resolves.toBe(chromium());
    expect(asked()).toEqual(['install']);
  });

  it('is installed with fresh package lists when the old ones are of no use', async () => {
    program(
      'apt-get',
      [APT, 'case "$*" in *update) echo > "${0%/*}/lists"; exit;; esac', '[ -e "${0%/*}/lists" ] || exit 100', CREATE].join('\n'),
    );
    await expect(findChromium({ path: folder, isRoot: true })).resolves.toBe(chromium());
    expect(asked()).toEqual(['install', 'update', 'install']);
  });

  it.each([
    ['nobody may install it', false, 'exit 9'],
    ['apt-get cannot', true, 'exit 100'],
    ['apt-get leaves none', true, 'exit 0'],
  ])('is asked for in words when %s', async (_why, isRoot, body) => {
    program('apt-get', body);
    await expect(findChromium({ path: folder, isRoot })).rejects.toThrow(/apt-get install chromium/);
  });
});
