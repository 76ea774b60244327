import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PREFIX = 'prepare.lock.';
const RELEASED = 'released';

/**
 * Takes the lock of a directory and returns its release function; waits while a living process holds it.
 *
 * The holder is the owner of the highest generation file. A dead or released generation is never removed or taken
 * over in place: the next process links generation + 1, which exactly one can do, and afterwards checks that nobody
 * went past it. So a holder killed at any moment leaves nothing to clean up, and two starters never both get in.
 */
export async function takeLock(directory, { onWait = () => {}, pollMs = 250 } = {}) {
  mkdirSync(directory, { recursive: true });
  for (let waited = false; ;) {
    const held = highest(directory);
    const owner = held > 0 ? ownerOf(directory, held) : RELEASED;
    if (owner !== RELEASED && isAlive(owner)) {
      if (!waited) onWait(owner.split(' ')[0]);
      waited = true;
      await delay(pollMs);
    } else if (claim(directory, held + 1)) {
      return () => release(directory, held + 1);
    }
  }
}

function claim(directory, generation) {
  const name = join(directory, PREFIX + generation);
  const draft = join(directory, `.draft.${process.pid}.${generation}`);
  writeFileSync(draft, identity(process.pid));
  try {
    linkSync(draft, name); // atomic and exclusive, and the content is complete from the first moment
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  if (highest(directory) > generation) {
    rmSync(name, { force: true });
    return false;
  }
  for (const older of generations(directory)) {
    if (older < generation) rmSync(join(directory, PREFIX + older), { force: true });
  }
  return true;
}

function release(directory, generation) {
  const draft = join(directory, `.draft.${process.pid}.${generation}`);
  writeFileSync(draft, RELEASED);
  renameSync(draft, join(directory, PREFIX + generation)); // kept, not removed: generations must never start again
}

function generations(directory) {
  return readdirSync(directory)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)));
}

function highest(directory) {
  return Math.max(0, ...generations(directory));
}

function ownerOf(directory, generation) {
  try {
    return readFileSync(join(directory, PREFIX + generation), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return RELEASED; // a newer generation removed it; the claim will meet that one
    throw error;
  }
}

/** Pid and, where the system tells it, the start time: a reused pid is not the same process. */
function identity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return `${pid}`;
    throw error;
  }
}

function isAlive(owner) {
  const pid = Number(owner.split(' ')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    if (error.code !== 'EPERM') throw error; // EPERM: it lives and belongs to someone else
  }
  return identity(pid) === owner;
}
