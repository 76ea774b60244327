import { join } from 'node:path';
import { runChild } from './child.mjs';
import { prepare, root } from './prepare.mjs';
import { main } from './progress.mjs';

await main(async (args) => runChild(await prepare(), [join(root, 'chaos/dist/compare/main.js'), ...args]));
