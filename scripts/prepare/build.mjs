import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Refusal, progress } from '../progress.mjs';

/** Compiles every project with `tsc -b`, unless sources, compiler options and outputs are as the last build left them. */
export function build(root, node, { force = false } = {}) {
  const projects = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map(({ path }) => join(root, path));
  const stamp = join(root, '.cache', 'built');
  const wanted = fingerprint(root, projects);
  const whole = projects.every((project) => existsSync(join(project, 'dist', '.tsbuildinfo')));
  if (!force && whole && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(stamp, { force: true });
  projects.forEach(removeOrphans);
  progress('compiling (tsc -b)');
  const tsc = spawnSync(node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (tsc.status !== 0) throw new Refusal('the sources do not compile; the messages are above');
  buildPages(root, node);
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** The console's pages are made of what was compiled: one file each, for the gateway and for people's disks. */
function buildPages(root, node) {
  const program = join(root, 'apps', 'console', 'dist', 'build', 'main.js');
  if (!existsSync(program)) return;
  if (spawnSync(node, [program], { cwd: root, stdio: ['ignore', 2, 2] }).status !== 0) {
    throw new Refusal('the pages of the console cannot be built; the messages are above');
  }
}

/** Names, sizes and times of everything the compiler reads of ours, and the lockfile for what it reads of others. */
function fingerprint(root, projects) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const own = ['tsconfig.json', 'tsconfig.base.json'].map((name) => join(root, name));
  const inputs = projects.flatMap((project) => [
    join(project, 'tsconfig.json'),
    join(project, 'package.json'),
    ...filesUnder(join(project, 'src')),
  ]);
  for (const file of [...own, ...inputs].sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** tsc never deletes: without this, a renamed spec would still be run from its old output. */
function removeOrphans(project) {
  const dist = join(project, 'dist');
  if (!existsSync(dist)) return;
  for (const file of filesUnder(dist)) {
    const stem = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(relative(dist, file))?.[1];
    const sources = stem === undefined ? [] : ['.ts', '.tsx', '.mts'].map((extension) => join(project, 'src', stem + extension));
    if (sources.length > 0 && !sources.some((source) => existsSync(source))) rmSync(file);
  }
}

function filesUnder(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
