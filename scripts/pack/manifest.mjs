import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRIES, WORKERS } from './entries.mjs';

/** The package.json that is shipped: no dependencies, since everything is inside, and no workspace of ours. */
export function manifestOf(root) {
  const { name, version, description, license } = JSON.parse(readFileSync(join(root, 'libs/client/package.json'), 'utf8'));
  const exported = Object.keys(ENTRIES).map((entry) => [
    entry === 'index' ? '.' : `./${entry}`,
    { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
  ]);
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=20' },
    sideEffects: Object.keys(WORKERS).map((worker) => `./dist/${worker}.js`),
    exports: { ...Object.fromEntries(exported), './package.json': './package.json' },
  };
}
