import { join } from 'node:path';

/** What the package exports: the name of each entry, and its module below `libs/client/dist`. */
export const ENTRIES = {
  index: 'index',
  node: 'node/index',
  backup: 'backup/index',
  strength: 'strength/index',
  development: 'development/index',
};

/** Files that are started as workers, by a name that the code beside them says. */
export const WORKERS = {
  'argon2-web-worker': 'stretch/argon2-web-worker',
  'argon2-worker': 'node/argon2-worker',
};

/** Entries that a browser cannot load. */
export const NODE_ONLY = ['node', 'argon2-worker'];

/** @param root of the repository; @returns the compiled modules by name */
export function modulesOf(root, entries, extension) {
  const paths = Object.entries(entries).map(([name, path]) => [name, join(root, 'libs/client/dist', path + extension)]);
  return Object.fromEntries(paths);
}
