import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '@strongroom/stack';

const run = promisify(execFile);
const STEP_TIMEOUT_MS = 100_000;

/**
 * A newcomer's folder outside the repository: the examples, and the SDK as `npm install` puts it there from its tarball. npm is
 * kept from asking any registry, since the package says that it needs no other.
 */
export async function installedSdk(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-sdk-'));
  // Of a surrounding `npm test` nothing: its settings would lead npm back into the repository. Nor anything of npm's cache.
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const options = { cwd: folder, timeout: STEP_TIMEOUT_MS, env: { ...Object.fromEntries(own), npm_config_cache: join(folder, '.npm') } };
  await run(process.execPath, [join(projectRoot(), 'scripts/pack/main.mjs'), '--out', folder], options);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('no tarball was packed');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'newcomer', private: true, type: 'module' }));
  await run('npm', ['install', `./${tarball}`, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], options);
  cpSync(join(projectRoot(), 'examples'), folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  return folder;
}
