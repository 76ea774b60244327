import { join } from 'node:path';
import { runChild } from './child.mjs';
import { prepare, root } from './prepare.mjs';
import { main } from './progress.mjs';

/** `npm run pack [-- --out FOLDER]`: the SDK as a tarball that `npm install` takes, in `dist/` unless told. */
await main(async (args) => runChild(await prepare(), [join(root, 'scripts/pack/main.mjs'), ...args]));
