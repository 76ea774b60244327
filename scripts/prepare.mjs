import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './prepare/build.mjs';
import { install } from './prepare/install.mjs';
import { takeLock } from './prepare/lock.mjs';
import { runtime } from './prepare/runtime.mjs';
import { progress } from './progress.mjs';

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Installs and compiles what is missing or outdated and returns the path of the Node to run with.
 * Uses nothing but Node 20 and npm, since it runs before node_modules exists; a lock keeps concurrent starts apart.
 */
export async function prepare({ force = false } = {}) {
  const release = await takeLock(join(root, '.cache'), {
    onWait: (pid) => progress(`waiting for another start (process ${pid}) to finish installing or compiling`),
  });
  try {
    await install(root);
    const node = runtime(root);
    build(root, node, { force });
    return node;
  } finally {
    release();
  }
}
