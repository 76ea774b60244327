import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Refusal, progress } from '../progress.mjs';

/** Installs with `npm ci` unless node_modules already holds what package-lock.json says. */
export async function install(root) {
  const wanted = createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.strongroom-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!matchesLockfile(root)) {
    rmSync(stamp, { force: true });
    await npmCi(root);
  }
  writeFileSync(stamp, wanted);
}

/** Whether npm's own record of node_modules lists every required package of the lockfile at its version. */
function matchesLockfile(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true; // a workspace's own folder; its link is an entry of its own
    const found = installed[path];
    if (found === undefined) return entry.optional === true && !isForThisMachine(entry);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Whether an optional package is the binaries of this platform; npm itself leaves out any other optional one it likes. */
function isForThisMachine({ os, cpu, libc = ['glibc'] }) {
  return os?.includes(process.platform) === true && cpu?.includes(process.arch) === true && libc.includes('glibc');
}

function npmCi(root) {
  // Run by npm, `node` on the PATH may be the pinned one inside node_modules, which npm ci is about to delete.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const script = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, argv] = script === undefined ? ['npm', args] : [node, [script, ...args]];
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  progress('installing the packages of package-lock.json (npm ci, once, about a minute)');
  const ticking = setInterval(() => progress(`still installing (${seconds()} s)`), 15_000);
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { cwd: root, env: npmEnvironment(root), stdio: ['ignore', 2, 2] });
    child.once('error', (error) => reject(new Refusal(`cannot run npm: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(progress(`installed in ${seconds()} s`));
      else reject(new Refusal(`npm ci ended with ${signal ?? `code ${code}`}; its messages are above. Nothing was started.`));
    });
  }).finally(() => clearInterval(ticking));
}

/** The caller's environment, without what `npm start` adds for its own script, and with a cache that can be written. */
function npmEnvironment(root) {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command)/.test(name) && name !== 'npm_config_json');
  const environment = Object.fromEntries(kept);
  if (!isWritable(homedir())) {
    const cache = join(root, '.cache', 'npm');
    mkdirSync(cache, { recursive: true });
    environment.npm_config_cache = cache;
  }
  return environment;
}

function isWritable(directory) {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EROFS', 'ENOTDIR'].includes(error.code)) return false;
    throw error;
  }
}
