import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFolders } from './compare-folders.js';
import { allHeld, emptyReport, type DemoReport } from './demo-report.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strongroom-demo-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let made = 0;
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(root, `${made++}`);
  await mkdir(join(path, 'sub'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

describe('comparing folders', () => {
  const files = { a: 'x'.repeat(150_000), 'sub/b': '', c: 'hello' };

  it('counts the bytes of equal ones', async () => {
    expect(await compareFolders(await folder(files), await folder(files))).toBe(150_005);
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['a changed byte', { ...files, a: `${'x'.repeat(149_999)}y` }],
    ['a missing file', { a: files.a, c: 'hello' }],
    ['an additional file', { ...files, d: '' }],
    ['another length', { ...files, c: 'hello!' }],
  ])('finds %s', async (_name, other) => {
    await expect(compareFolders(await folder(files), await folder(other))).rejects.toThrow();
    await expect(compareFolders(await folder(other), await folder(files))).rejects.toThrow();
  });

  it('finds a link in the place of a file', async () => {
    const [left, right] = [await folder(files), await folder({ a: files.a, 'sub/b': '' })];
    await symlink('a', join(right, 'c'));
    await expect(compareFolders(left, right)).rejects.toThrow('c differs');
  });
});

describe('the report of a demo', () => {
  const held: DemoReport = {
    recovered: true,
    bytesCompared: 1,
    wrongCodesCounted: 2,
    lockedAfter: 10,
    sharesErased: true,
    nodesKilled: 2,
    recoveredWithNodesDown: true,
    ms: {},
  };

  it('holds only when every step was measured as it should be', () => {
    expect(allHeld(held, 10)).toBe(true);
    expect(allHeld(emptyReport(), 10)).toBe(false);
    const broken: readonly Partial<DemoReport>[] = [
      { recovered: false },
      { bytesCompared: 0 },
      { wrongCodesCounted: 1 },
      { lockedAfter: 9 },
      { lockedAfter: 11 },
      { sharesErased: false },
      { nodesKilled: 1 },
      { recoveredWithNodesDown: false },
    ];
    for (const change of broken) expect(allHeld({ ...held, ...change }, 10)).toBe(false);
  });
});
