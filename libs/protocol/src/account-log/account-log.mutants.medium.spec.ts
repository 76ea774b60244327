import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LYING_SUITE, PLANTED_BUGS, type PlantedBug } from './planted-bugs.fixture.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const jest = join(root, 'node_modules/jest/bin/jest.js');
/** Cheap ones first: what they find need not be simulated. */
const SUITES = [
  '(account-log/(acceptor|epochs|learner|judge|machine)|vote/quorum|batch/signed-statement)\\.spec',
  'account-log/simulation\\.spec',
] as const;
const DEADLINE_MS = 180_000;

let copy = '';

beforeAll(async () => {
  copy = await realpath(await mkdtemp(join(tmpdir(), 'planted-')));
  await cp(join(root, 'libs/protocol/dist'), join(copy, 'dist'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Whether the suite passes over the copy as it is now. */
function passes(suite: string): Promise<boolean> {
  const config = JSON.stringify({ rootDir: copy, testEnvironment: 'node', transform: {}, testMatch: ['**/dist/**/*.spec.js'] });
  const args = ['--experimental-vm-modules', jest, '--config', config, '--runInBand', '--bail', '--testPathPatterns', suite];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: copy, timeout: DEADLINE_MS, maxBuffer: 1 << 26 }, (error) => {
      if (error === null) resolve(true);
      else if (error.code === 1) resolve(false);
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
    for (const each of suite === undefined ? SUITES : [suite]) if (!(await passes(each))) return true;
    return false;
  } finally {
    await writeFile(path, code);
  }
}

describe('the suite of the account log', () => {
  it(
    'passes over the code as it is',
    async () => {
      for (const suite of [SUITES[0], LYING_SUITE]) expect(await passes(suite)).toBe(true);
    },
    DEADLINE_MS,
  );

  it(
    `finds ${PLANTED_BUGS.length} of ${PLANTED_BUGS.length} planted bugs`,
    async () => {
      const missed: string[] = [];
      for (const bug of PLANTED_BUGS) if (!(await isFound(bug))) missed.push(bug.name);
      expect(missed).toEqual([]);
    },
    PLANTED_BUGS.length * DEADLINE_MS,
  );
});
