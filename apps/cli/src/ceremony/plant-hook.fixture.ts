import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted-bugs.fixture.js';

let planted: PlantedBug | null = null;

/** Runs in the thread of the module loader of a process that judges with one bug. */
export const initialize: InitializeHook<PlantedBug> = (bug) => {
  planted = bug;
};

export const load: LoadHook = async (url, context, next) => {
  if (planted === null || !url.endsWith(`/libs/${planted.file}`)) return next(url, context);
  const code = await readFile(fileURLToPath(url), 'utf8');
  const { find, replace, file } = planted;
  if (code.split(find).length !== 2) throw new Error(`${file} does not hold the line to change exactly once: ${find}`);
  return { format: 'module', shortCircuit: true, source: code.replace(find, () => replace) };
};
