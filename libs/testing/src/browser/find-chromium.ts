import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '@strongroom/stack';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;
/** apt's own lock: two test files may come here at once. */
const LOCK = ['-o', 'DPkg::Lock::Timeout=240', '-q', '-y'];

/**
 * Debian's Chromium: one that is installed, else installed here when this process may. A browser needs a hundred libraries, so
 * that unlike nats-server it cannot just be unpacked.
 * @throws Error that says what a person can do about it
 */
export async function findChromium(path: string = process.env['PATH'] ?? ''): Promise<string> {
  const installed = chromiumOn(path);
  if (installed !== undefined) return installed;
  try {
    if (process.getuid?.() !== 0) throw new Error('this process is not root');
    await install();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no chromium for the tests in a browser: run \`apt-get install chromium\` as root. ${reason}`, { cause });
  }
  const found = chromiumOn(path);
  if (found === undefined) throw new Error('apt-get installed chromium, and it is not on the PATH');
  return found;
}

function chromiumOn(path: string): string | undefined {
  return findProgram('chromium', `${path}:/usr/bin:/usr/local/bin`);
}

async function install(): Promise<void> {
  process.stderr.write("strongroom: installing chromium (Debian's package, once)\n");
  const options = { timeout: INSTALL_TIMEOUT_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } };
  const get = (...words: readonly string[]): Promise<unknown> => run('apt-get', [...LOCK, ...words], options);
  try {
    await get('install', '--no-install-recommends', 'chromium');
  } catch {
    // The machine's package lists may be missing or too old to name a file that still exists.
    await get('update');
    await get('install', '--no-install-recommends', 'chromium');
  }
}
