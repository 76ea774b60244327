import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url));
/** Only ends what hangs: the first pass over all kinds of faults takes a minute on a slow machine. */
const DEADLINE_MS = 540_000;

const reportSchema = z.object({
  operations: z.number(),
  recoveries: z.number(),
  calm: z.object({ recoveries: z.number() }),
  faults: z.record(z.string(), z.number()),
  diskFullBy: z.enum(['tmpfs', 'file-size-limit', 'nothing']),
  violations: z.number(),
  found: z.array(z.unknown()),
  linearizable: z.boolean(),
});

/** The command as a person runs it. @returns the object of its last line */
function chaos(...args: readonly string[]): Promise<z.infer<typeof reportSchema>> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...args], { timeout: DEADLINE_MS, maxBuffer: 1 << 26 }, (error, out, said) => {
      const last = out.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(reportSchema.parse(JSON.parse(last)));
      else reject(new Error(`no report: ${said.slice(-2_000)}`, { cause: error }));
    });
  });
}

describe('a vault of real processes under an adversary', () => {
  it(
    'loses nothing that it acknowledged, counts no attempt twice or never, and shows each account one history',
    async () => {
      const { found, violations, linearizable, operations, recoveries, calm, faults, diskFullBy } = await chaos(
        '--seconds',
        '20',
        '--seed',
        '7',
        '--json',
      );
      expect({ found, violations, linearizable }).toEqual({ found: [], violations: 0, linearizable: true });
      expect(operations).toBeGreaterThan(0);
      expect(recoveries).toBeGreaterThan(0);
      expect(calm.recoveries).toBeGreaterThan(0);
      // Where no disk can be made full the report says so, and counts none.
      const { diskFull = 0, ...others } = faults;
      expect(diskFull > 0).toBe(diskFullBy !== 'nothing');
      for (const kind of ['kill', 'pause', 'cut', 'stall', 'delay', 'rollback', 'busRestart', 'gatewayKill']) {
        expect({ kind, count: others[kind] ?? 0 }).not.toEqual({ kind, count: 0 });
      }
    },
    DEADLINE_MS,
  );
});
