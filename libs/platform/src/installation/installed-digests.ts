import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Lower-case hexadecimal digest of an app's compiled files. @param root the folder with package-lock.json */
export function appDigest(root: string, app: string): Promise<string> {
  return folderDigest(root, [join(root, 'apps', app, 'dist')]);
}

/** Of the compiled files of all libraries that are installed below `root`. */
export async function libsDigest(root: string): Promise<string> {
  return folderDigest(
    root,
    (await readdir(join(root, 'libs'))).sort().map((lib) => join(root, 'libs', lib, 'dist')),
  );
}

/** SHA-256 of the lines that `sha256sum` prints for the folders' JavaScript files, sorted by path; specs are left out. */
async function folderDigest(root: string, folders: readonly string[]): Promise<string> {
  const found = await Promise.all(folders.map((folder) => filesBelow(folder)));
  const files = found.flat().map((path) => [relative(root, path), path] as const);
  files.sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const [name, path] of files) hash.update(`${sha256Hex(await readFile(path))}  ${name}\n`);
  return hash.digest('hex');
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js') && !/\.(?:spec|suite|fixture)\.js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
