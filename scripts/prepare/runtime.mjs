import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Refusal, progress } from '../progress.mjs';

const OLDEST_HOST_MAJOR = 22;

/** The Node that runs everything: the pinned one of the npm package, else the host's if it is new enough. */
export function runtime(root) {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  const tried = spawnSync(pinned, ['--version'], { encoding: 'utf8' });
  if (tried.status === 0) return pinned;
  const reason = tried.error?.message ?? tried.stderr.trim().split('\n')[0];
  const host = process.versions.node;
  if (Number(host.split('.')[0]) < OLDEST_HOST_MAJOR) {
    throw new Refusal(
      `the pinned Node does not run here (${reason}) and the host's Node ${host} is older than ${OLDEST_HOST_MAJOR}; install Node 24`,
    );
  }
  progress(`the pinned Node does not run here (${reason}); using the host's Node ${host}`);
  return process.execPath;
}
