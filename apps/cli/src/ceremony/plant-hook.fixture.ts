import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted-bugs.fixture.js';

let planted: readonly PlantedBug[] = [];

/** Runs in the thread of the module loader of the process that judges. */
export const initialize: InitializeHook<readonly PlantedBug[]> = (bugs) => {
  planted = bugs;
};

/** What a module with a bug imports of the rules is loaded anew with the same bug; everything else is loaded once. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await next(specifier, context);
  const { search } = new URL(context.parentURL ?? 'file:///');
  const isOurs = /\/libs\/(?:transparency|protocol)\/dist\//.test(found.url);
  return search !== '' && isOurs ? { ...found, url: `${found.url}${search}` } : found;
};

export const load: LoadHook = async (url, context, next) => {
  const { search, href } = new URL(url);
  const bug = planted[Number(/^\?bug=(\d+)$/.exec(search)?.[1] ?? -1)];
  if (bug === undefined || !href.endsWith(`/libs/${bug.file}${search}`)) return next(url, context);
  const code = await readFile(fileURLToPath(url), 'utf8');
  const { find, replace, file } = bug;
  if (code.split(find).length !== 2) throw new Error(`${file} does not hold the line to change exactly once: ${find}`);
  return { format: 'module', shortCircuit: true, source: code.replace(find, () => replace) };
};
