import { join } from 'node:path';
import { runChild } from './child.mjs';
import { prepare, root } from './prepare.mjs';
import { main } from './progress.mjs';

/** `node scripts/run.mjs ARGS`: the strongroom command line, from a fresh clone on. */
await main(async (args) => runChild(await prepare(), [join(root, 'apps/cli/dist/main.js'), ...args]));
