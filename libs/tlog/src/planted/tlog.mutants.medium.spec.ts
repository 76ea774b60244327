import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.fixture.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const jest = join(root, 'node_modules/jest/bin/jest.js');
const DEADLINE_MS = 120_000;

let copy = '';

beforeAll(async () => {
  // Below the repository, so that the copy finds the same packages.
  const cache = join(root, '.cache');
  await mkdir(cache, { recursive: true });
  copy = await mkdtemp(join(cache, 'planted-'));
  await cp(join(root, 'libs/tlog/dist'), join(copy, 'dist'), { recursive: true });
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Whether a suite passes over the copy as it is now. */
function passes(suite: string): Promise<boolean> {
  const config = JSON.stringify({
    rootDir: copy,
    testEnvironment: 'node',
    transform: {},
    testTimeout: 30_000,
    testMatch: ['**/dist/**/*.spec.js'],
  });
  const args = ['--experimental-vm-modules', jest, '--config', config, '--runInBand', '--testPathPatterns', `dist/${suite}\\.spec`];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: copy, timeout: DEADLINE_MS, maxBuffer: 1 << 26 }, (error, _out, said) => {
      if (error === null) resolve(true);
      // Code that does not load is no bug that a rule found.
      else if (error.code === 1 && !said.includes('Test suite failed to run')) resolve(false);
      else reject(error);
    });
  });
}

async function isFound({ file, find, replace, suite }: PlantedBug): Promise<boolean> {
  const path = join(copy, 'dist', file);
  const code = await readFile(path, 'utf8');
  if (code.split(find).length !== 2) throw new Error(`${file} does not hold the line to change exactly once: ${find}`);
  await writeFile(
    path,
    code.replace(find, () => replace),
  );
  try {
    return !(await passes(suite));
  } finally {
    await writeFile(path, code);
  }
}

describe('the suites of log and witness', () => {
  it(
    `find ${PLANTED_BUGS.length} of ${PLANTED_BUGS.length} planted bugs`,
    async () => {
      const missed: string[] = [];
      for (const bug of PLANTED_BUGS) if (!(await isFound(bug))) missed.push(bug.name);
      expect(missed).toEqual([]);
    },
    PLANTED_BUGS.length * DEADLINE_MS,
  );
});
