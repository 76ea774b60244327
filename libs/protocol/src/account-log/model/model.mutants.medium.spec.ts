import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODEL_BUGS, type ModelBug } from './model-bugs.fixture.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const DEADLINE_MS = 240_000;

let copy = '';

beforeAll(async () => {
  copy = await realpath(await mkdtemp(join(tmpdir(), 'modelled-')));
  await cp(join(root, 'libs/protocol/dist'), join(copy, 'dist'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rm(copy, { recursive: true, force: true }));

/** What the model finds in the copy as it is now: the rule that is violated, or null. */
function found(args: readonly string[]): Promise<unknown> {
  const program = join(copy, 'dist/account-log/model/main.fixture.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args, '--json'], { timeout: DEADLINE_MS, maxBuffer: 1 << 26 }, (error, stdout) => {
      if (error !== null && error.code !== 1) reject(error);
      else resolve(JSON.parse(stdout).violation);
    });
  });
}

async function plant({ changes }: ModelBug): Promise<() => Promise<void>> {
  const before = new Map<string, string>();
  for (const { file, find, replace } of changes) {
    const path = join(copy, 'dist', file);
    const code = await readFile(path, 'utf8');
    if (code.split(find).length !== 2) throw new Error(`${file} does not hold the line to change exactly once: ${find}`);
    before.set(path, before.get(path) ?? code);
    await writeFile(
      path,
      code.replace(find, () => replace),
    );
  }
  return async () => {
    for (const [path, code] of before) await writeFile(path, code);
  };
}

describe('the model', () => {
  it.each(MODEL_BUGS.map((bug) => [bug.name, bug] as const))(
    'finds a node that %s',
    async (_, bug) => {
      const uproot = await plant(bug);
      try {
        expect(await found(bug.args)).toBe(bug.violation);
      } finally {
        await uproot();
      }
    },
    DEADLINE_MS,
  );
});
