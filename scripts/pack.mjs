import { join } from 'node:path';
import { runChild } from './child.mjs';
import { prepare, root } from './prepare.mjs';
import { main } from './progress.mjs';

/** `npm run pack [-- --out FOLDER]`: the SDK as a tarball that `npm install` takes, in `dist/` unless told. */
await main(async (args) => {
  const chosen = args.length === 0 ? ['--out', join(root, 'dist')] : args;
  return runChild(await prepare(), [join(root, 'scripts/pack/main.mjs'), ...chosen]);
});
