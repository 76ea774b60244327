import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '@strongroom/stack';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;
/** apt's own lock: two test files may come here at once. */
const LOCK = ['-o', 'DPkg::Lock::Timeout=240', '-q', '-y'];

export interface ChromiumPlaces {
  /** Where programs are looked for: PATH, and where Debian puts it. */
  readonly path: string;
  readonly isRoot: boolean;
}

const HERE: ChromiumPlaces = { path: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`, isRoot: process.getuid?.() === 0 };

/**
 * Debian's Chromium: one that is installed, else installed here when this process may. A browser needs a hundred libraries, so
 * that unlike nats-server it cannot just be unpacked.
 * @throws Error that says what a person can do about it
 */
export async function findChromium({ path, isRoot }: ChromiumPlaces = HERE): Promise<string> {
  const installed = findProgram('chromium', path);
  if (installed !== undefined) return installed;
  try {
    if (!isRoot) throw new Error('This process is not root.');
    await install(path);
    const found = findProgram('chromium', path);
    if (found === undefined) throw new Error('apt-get installed it, and it is not on the PATH.');
    return found;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no chromium for the tests in a browser: run \`apt-get install chromium\` as root. ${reason}`, { cause });
  }
}

async function install(path: string): Promise<void> {
  process.stderr.write("strongroom: installing chromium (Debian's package, once)\n");
  const options = { timeout: INSTALL_TIMEOUT_MS, env: { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } };
  const get = (...words: readonly string[]): Promise<unknown> => run('apt-get', [...LOCK, ...words], options);
  try {
    await get('install', '--no-install-recommends', 'chromium');
  } catch {
    // The machine's package lists may be missing, or too old to name a file that still exists.
    await get('update');
    await get('install', '--no-install-recommends', 'chromium');
  }
}
