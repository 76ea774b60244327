import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { main } from './progress.mjs';

/** A lint that reads nothing reports success; fewer modules than this means that the reader is broken, not the code clean. */
const FEWEST_MODULES = 600;
const SOURCES = ['libs', 'apps', 'e2e', 'bench', 'sim', 'chaos'];

/** `npm run lint [-- --fix]`: style, layout, import rules and generated files. Types are checked by the build before it. */
await main(async (args) => {
  const node = await prepare();
  const fix = args.includes('--fix');
  const run = (script, ...argv) => spawnSync(node, [join(root, script), ...argv], { cwd: root, stdio: 'inherit' }).status === 0;
  const checks = {
    eslint: () => run('node_modules/eslint/bin/eslint.js', '.', ...(fix ? ['--fix'] : [])),
    prettier: () => run('node_modules/prettier/bin/prettier.cjs', fix ? '--write' : '--check', '--log-level=warn', '.'),
    'import rules': () => importRules(node),
    'generated files': () => run('libs/contracts/dist/generate/main.js', fix ? '--write' : '--check'),
    'test vectors': () => run('scripts/vectors.mjs', fix ? '--write' : '--check'),
    'common codes': () => run('scripts/common-codes.mjs', fix ? '--write' : '--check'),
    'reference of the SDK': () => run('scripts/reference.mjs', fix ? '--write' : '--check'),
    'package of the SDK, and its sizes': () => run('scripts/pack/main.mjs'),
  };
  const failed = [];
  for (const [name, check] of Object.entries(checks)) {
    process.stdout.write(`-- ${name}\n`);
    if (!check()) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? 'lint: all checks hold\n' : `lint: failed: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
});

function importRules(node) {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const argv = [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...SOURCES];
  const { stdout, stderr } = spawnSync(node, argv, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (!stdout.startsWith('{')) {
    process.stderr.write(stderr);
    return false;
  }
  const { modules, summary } = JSON.parse(stdout);
  for (const { rule, from, to, cycle } of summary.violations) {
    process.stdout.write(`${rule.name}: ${from} -> ${cycle?.map(({ name }) => name).join(' -> ') ?? to}\n`);
  }
  const read = modules.filter(({ source }) => /^(?:libs|apps|e2e|bench|sim|chaos)\/.*src\//.test(source)).length;
  process.stdout.write(`${read} modules read, ${summary.violations.length} violations\n`);
  if (read < FEWEST_MODULES) process.stdout.write(`fewer than ${FEWEST_MODULES} modules were read: the check itself is broken\n`);
  return summary.violations.length === 0 && read >= FEWEST_MODULES;
}
