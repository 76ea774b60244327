import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PLANTED_BUGS } from './planted-bugs.fixture.js';

const DEADLINE_MS = 300_000;
let results: readonly { readonly name: string; readonly taken: readonly string[] }[];

/** A process of its own, since jest loads modules itself and asks no loader hook. */
beforeAll(async () => {
  const program = fileURLToPath(new URL('planted-run.fixture.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=DEP0205', program], { timeout: DEADLINE_MS });
  results = z.array(z.object({ name: z.string(), taken: z.array(z.string()) })).parse(JSON.parse(stdout));
}, DEADLINE_MS);

describe('the rules of deployment evidence', () => {
  it('take no bad case', () => {
    expect(results[0]).toEqual({ name: 'none', taken: [] });
  });

  it(`each refuse one that a planted bug lets in: ${PLANTED_BUGS.length} of ${PLANTED_BUGS.length}`, () => {
    expect(results.length).toBe(PLANTED_BUGS.length + 1);
    expect(results.slice(1).flatMap(({ name, taken }) => (taken.length === 0 ? [name] : []))).toEqual([]);
  });
});
