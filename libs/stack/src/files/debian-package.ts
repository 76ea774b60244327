import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * Unpacks a Debian package into `<cacheDir>/<name>` without installing it and without root: apt checks the archive's
 * signatures as always, but keeps its lists and cache under the project's own. Harmless when run twice at once.
 * @returns the folder that holds the package's `usr/`
 * @throws Error with apt's own words when the package cannot be had
 */
export async function unpackDebianPackage(name: string, cacheDir: string): Promise<string> {
  const target = join(cacheDir, name);
  if (existsSync(target)) return target;
  mkdirSync(cacheDir, { recursive: true });
  const draft = mkdtempSync(join(cacheDir, `${name}.`));
  try {
    await download(name, draft);
    const archive = readdirSync(draft).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt-get downloaded no ${name}`);
    await run('dpkg', ['-x', join(draft, archive), join(draft, 'unpacked')], { timeout: DOWNLOAD_TIMEOUT_MS });
    moveIntoPlace(join(draft, 'unpacked'), target);
    return target;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** With the machine's package lists where it has them, else with lists fetched for this one download. */
async function download(name: string, draft: string): Promise<void> {
  try {
    await apt(draft, [], ['download', name]);
  } catch (first) {
    const lists = join(draft, 'lists');
    mkdirSync(join(lists, 'partial'), { recursive: true });
    const ownLists = ['-o', `Dir::State::lists=${lists}`];
    try {
      await apt(draft, ownLists, ['update']);
      await apt(draft, ownLists, ['download', name]);
    } catch (second) {
      throw new Error(`apt-get could not download ${name}: ${wordsOf(second)}`, { cause: first });
    }
  }
}

async function apt(draft: string, options: readonly string[], command: readonly string[]): Promise<void> {
  const cache = join(draft, 'cache');
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const own = ['-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=true', '-o', 'APT::Sandbox::User='];
  await run('apt-get', ['-q', ...own, ...options, ...command], {
    cwd: draft,
    timeout: DOWNLOAD_TIMEOUT_MS,
    env: { ...process.env, LC_ALL: 'C' },
  });
}

function moveIntoPlace(unpacked: string, target: string): void {
  try {
    renameSync(unpacked, target);
  } catch (error) {
    // Another start was faster; its copy is the same package.
    if (!existsSync(target)) throw error;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return stderr === '' ? error.message : stderr;
}
