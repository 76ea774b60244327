import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds apps/, libs/ and node_modules/: the repository, or the image's /app. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the folder with package-lock.json is not above the stack library');
    folder = parent;
  }
  return folder;
}

/** The compiled entry point of an app, as in `apps/hsm-node/dist/main.js`. */
export function entryPoint(app: string): string {
  return join(projectRoot(), 'apps', app, 'dist', 'main.js');
}
