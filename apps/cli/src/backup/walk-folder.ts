import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseLink, refuseName } from './archive-path.js';

export interface FolderEntry {
  /** Path below the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly size: number;
  /** Permission bits alone: setuid and sticky bits do not travel. */
  readonly mode: number;
  readonly mtime: Date;
  readonly target: string | null;
}

export interface SkippedEntry {
  readonly name: string;
  readonly reason: string;
}

/** Everything below a folder, in the order of the names; what a restore would refuse is told to `skip` instead. */
export async function* walkFolder(folder: string, skip: (entry: SkippedEntry) => void, prefix = ''): AsyncGenerator<FolderEntry> {
  const names = (await readdir(folder)).sort();
  for (const base of names) {
    const name = prefix + base;
    const entry = await describe(name, join(folder, base));
    const reason = typeof entry === 'string' ? entry : refuse(entry);
    if (reason !== undefined || typeof entry === 'string') {
      skip({ name, reason: reason ?? 'cannot be stored' });
      continue;
    }
    yield entry;
    if (entry.kind === 'directory') yield* walkFolder(entry.path, skip, `${name}/`);
  }
}

function refuse(entry: FolderEntry): string | undefined {
  return refuseName(entry.name) ?? (entry.target === null ? undefined : refuseLink(entry.name, entry.target));
}

async function describe(name: string, path: string): Promise<FolderEntry | string> {
  const info = await lstat(path);
  const common = { name, path, mode: info.mode & 0o777, mtime: info.mtime };
  if (info.isFile()) return { ...common, kind: 'file', size: info.size, target: null };
  if (info.isDirectory()) return { ...common, kind: 'directory', size: 0, target: null };
  if (info.isSymbolicLink()) return { ...common, kind: 'symlink', size: 0, target: await readlink(path) };
  return 'is neither a file, a folder nor a link';
}
