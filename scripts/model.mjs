import { join } from 'node:path';
import { runChild } from './child.mjs';
import { prepare, root } from './prepare.mjs';
import { main } from './progress.mjs';

const PROGRAM = 'libs/protocol/dist/account-log/model/main.fixture.js';

/** `npm run model [-- OPTIONS]`. Many short-lived objects: a larger young generation saves a sixth of the time. */
await main(async (args) => runChild(await prepare(), ['--max-semi-space-size=64', join(root, PROGRAM), ...args]));
