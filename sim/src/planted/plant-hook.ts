import type { LoadHook, InitializeHook } from 'node:module';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted-bugs.js';

let planted: PlantedBug | null = null;

/** Runs in the thread of the module loader of a process that searches for one bug. */
export const initialize: InitializeHook<PlantedBug> = (bug) => {
  planted = bug;
};

/** Changes one place of one module on its way into the process: no switch for tests is in the code itself. */
export const load: LoadHook = async (url, context, next) => {
  if (planted === null || !url.endsWith(`/${planted.file}`)) return next(url, context);
  const code = await readFile(fileURLToPath(url), 'utf8');
  const { find, replace, file } = planted;
  if (code.split(find).length !== 2) throw new Error(`${file} does not hold the line to change exactly once: ${find}`);
  return { format: 'module', shortCircuit: true, source: code.replace(find, () => replace) };
};
