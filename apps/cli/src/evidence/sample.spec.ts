import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@strongroom/stack';
import { runExample } from '../example/example-terminal.js';

const sample = (name = ''): string => join(projectRoot(), 'docs/evidence/sample', name);
let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-sample-'));
});
afterAll(() => rm(dir, { recursive: true }));

describe('the sample in docs/evidence', () => {
  it.each([
    ['acceptance.json', ['--bundle', sample('bundle.note')], 0],
    ['admission.json', [], 0],
    // The bundle has gone on to the acceptance.
    ['admission.json', ['--bundle', sample('bundle.note')], 1],
  ] as const)('is verified as its README says: %s %j', async (file, more, exitCode) => {
    const run = await runExample(['evidence', 'verify', sample(file), '--trust-root', sample('trust-root.json'), ...more]);
    expect([run.exitCode, run.stdout.split('\n')[0]]).toEqual([exitCode, 'environment software']);
  });

  it('has all four known answers', async () => {
    const { stdout } = await runExample(['evidence', 'verify', sample('acceptance.json'), '--trust-root', sample('trust-root.json')]);
    for (const name of ['right-code', 'wrong-code', 'minority-lost', 'lock'])
      expect(stdout).toMatch(new RegExp(`ok +known-answer ${name}:`));
  });

  it('is rendered as it stands there, and says on the page that it is a sample', async () => {
    expect((await runExample(['evidence', 'render', sample('acceptance.json'), '--out', dir, '--sample'])).exitCode).toBe(0);
    const made = await readdir(dir);
    expect(made.length).toBe(2);
    for (const name of made) {
      const page = await readFile(join(dir, name), 'utf8');
      expect(page).toBe(await readFile(sample(name), 'utf8'));
      expect(page).toContain('It proves nothing about any vault.');
    }
  });
});
