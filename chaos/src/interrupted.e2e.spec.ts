import { describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot, until } from '@strongroom/stack';

const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url));
const FOLDERS = join(projectRoot(), '.cache', 'chaos');
/** Far shorter than the run would go on by itself. */
const LONG_MS = 240_000;

const folders = (): readonly string[] => (existsSync(FOLDERS) ? readdirSync(FOLDERS) : []);

/** A run in a process group of its own, as a terminal makes one, that has its vault half started. */
async function halfStarted(): Promise<{ readonly run: ChildProcess; readonly pid: number; readonly closed: () => boolean }> {
  const run = spawn(process.execPath, [PROGRAM, '--minutes', '30', '--seed', '1'], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const { pid, stderr } = run;
  if (pid === undefined) throw new Error('the command did not start');
  let said = '';
  let closed = false;
  stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  // Closed when the last process that holds it is gone, the one in mounts of its own included.
  stderr.once('close', () => (closed = true));
  await until(() => said.includes('starting the gateway') || undefined, { what: 'the vault to be half started', timeoutMs: LONG_MS });
  return { run, pid, closed: () => closed };
}

describe('a run that is broken off', () => {
  // Again and again: two signals that come at once are one to a process that is busy, and only a later one shows what it does then.
  it.each([
    ['Ctrl-C reaches every process of the terminal, again and again', (pid: number) => process.kill(-pid, 'SIGINT')],
    ['the process outside is killed', (pid: number) => process.kill(pid, 'SIGKILL')],
  ])(
    'takes its vault with it when %s',
    async (_, strike) => {
      const before = folders();
      const { run, pid, closed } = await halfStarted();
      const added = folders().filter((folder) => !before.includes(folder));
      expect(added).toHaveLength(1);
      const ended = (): true | undefined => {
        if (run.exitCode === null && run.signalCode === null) strike(pid);
        return closed() || undefined;
      };
      try {
        await until(ended, { what: 'the last process to end', timeoutMs: LONG_MS });
      } finally {
        if (!closed()) process.kill(-pid, 'SIGTERM');
      }
      expect(run.exitCode).not.toBe(0);
      expect(folders().filter((folder) => added.includes(folder))).toEqual([]);
    },
    2 * LONG_MS,
  );
});
