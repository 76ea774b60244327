import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '@strongroom/stack';
import { z } from 'zod';
import { SCENARIOS } from './scenarios.js';

const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url));
/** Only ends what hangs. */
const DEADLINE_MS = 300_000;

const reportSchema = z.object({
  undisturbedMs: z.number().positive(),
  scenarios: z.array(
    z.object({ name: z.string(), held: z.boolean(), broken: z.array(z.string()), attemptsPerCall: z.number().nullable() }),
  ),
});

interface Ended {
  readonly code: number;
  readonly report: z.infer<typeof reportSchema>;
}

/** The command as a person runs it. */
function compare(): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [PROGRAM, '--json'], { timeout: DEADLINE_MS, maxBuffer: 1 << 26 }, (error, out, said) => {
      const last = out.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve({ code: child.exitCode ?? -1, report: reportSchema.parse(JSON.parse(last)) });
      else reject(new Error(`no report: ${said.slice(-2_000)}`, { cause: error }));
    });
  });
}

describe('the scenarios of the comparison', () => {
  it('are those of the document, in its order', () => {
    const rows = readFileSync(join(projectRoot(), 'docs/COMPARISON.md'), 'utf8').split('\n## The scenarios\n')[1]?.split('\n## ')[0] ?? '';
    const named = [...rows.matchAll(/^\| ([a-z][a-z -]+) \|/gm)].map(([, name]) => name).filter((name) => name !== 'scenario');
    expect(named).toEqual(SCENARIOS.map(({ name }) => name));
  });

  it(
    'all hold on a vault of real processes, at one attempt for each call',
    async () => {
      const { code, report } = await compare();
      expect(report.scenarios.flatMap(({ name, broken }) => broken.map((what) => `${name}: ${what}`))).toEqual([]);
      expect(report.scenarios.map(({ name, held }) => ({ name, held }))).toEqual(SCENARIOS.map(({ name }) => ({ name, held: true })));
      for (const { attemptsPerCall } of report.scenarios) expect(attemptsPerCall ?? 1).toBe(1);
      expect(code).toBe(0);
    },
    DEADLINE_MS,
  );
});
