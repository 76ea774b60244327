import { chmod, lstat, mkdir, open, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract, type Entry, type Extract, type Header } from 'tar-stream';
import { invalid } from '@strongroom/protocol';
import { refuseLink, refuseName } from './archive-path.js';

export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
}

interface Pending {
  readonly links: { readonly path: string; readonly target: string }[];
  readonly directories: { readonly path: string; readonly mode: number; readonly mtime: Date }[];
}

/**
 * Unpacks a tar stream into an empty folder. Files, folders and links inside the folder only; anything else ends it.
 * Links are made last, so that no file is ever written through one. @throws REQUEST_INVALID naming the entry
 */
export async function unpackArchive(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<Unpacked> {
  const archive = extract();
  const feeding = feed(source, archive);
  feeding.catch((error: Error) => archive.destroy(error));
  const pending: Pending = { links: [], directories: [] };
  let files = 0;
  let bytes = 0;
  for await (const entry of archive) {
    const written = await unpackEntry(entry, folder, pending, onBytes);
    bytes += written ?? 0;
    files += written === undefined ? 0 : 1;
    entry.resume();
  }
  await feeding;
  for (const { path, target } of pending.links) await symlink(target, path);
  // Deepest first and after their content, which would otherwise change the times or be kept out by the modes.
  for (const { path, mode, mtime } of pending.directories.reverse()) {
    await chmod(path, mode);
    await utimes(path, mtime, mtime);
  }
  return { files, bytes };
}

async function feed(source: AsyncIterable<Uint8Array>, archive: Extract): Promise<void> {
  let closed = false;
  let wake = (): void => undefined;
  archive.once('close', () => {
    closed = true;
    wake();
  });
  archive.once('error', () => undefined); // the reader of the entries meets it
  for await (const chunk of source) {
    if (closed) return;
    if (archive.write(chunk)) continue;
    await new Promise<void>((resume) => {
      wake = resume;
      archive.once('drain', resume);
    });
  }
  archive.end();
}

/** @returns the length of a file, undefined for anything else */
async function unpackEntry(entry: Entry, folder: string, pending: Pending, onBytes: (bytes: number) => void): Promise<number | undefined> {
  const { name, path, mode, mtime } = checked(entry.header, folder);
  const type = entry.header.type;
  if (type === 'directory') {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (!(await lstat(path)).isDirectory()) throw invalid('archive', `${name} is there twice`);
    pending.directories.push({ path, mode, mtime });
    return undefined;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (type === 'symlink') {
    const target = entry.header.linkname ?? '';
    const reason = refuseLink(name, target);
    if (reason !== undefined) throw invalid('archive', `the link ${name} ${reason}`);
    pending.links.push({ path, target });
    return undefined;
  }
  if (type !== 'file') throw invalid('archive', `${name} is neither a file, a folder nor a link`);
  return writeFile(entry, path, mode, mtime, onBytes);
}

function checked(header: Required<Header>, folder: string): { name: string; path: string; mode: number; mtime: Date } {
  const reason = refuseName(header.name);
  if (reason !== undefined) throw invalid('archive', `the name ${JSON.stringify(header.name)} ${reason}`);
  const name = header.name.endsWith('/') ? header.name.slice(0, -1) : header.name;
  return { name, path: join(folder, name), mode: header.mode & 0o777, mtime: header.mtime };
}

/** `wx`: a name that is there twice is an error, and a link that is there already is never followed. */
async function writeFile(entry: Entry, path: string, mode: number, mtime: Date, onBytes: (bytes: number) => void): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  let length = 0;
  try {
    for await (const chunk of entry) {
      await file.writeFile(chunk);
      length += chunk.length;
      onBytes(chunk.length);
    }
    await file.chmod(mode);
    await file.utimes(mtime, mtime);
  } finally {
    await file.close();
  }
  return length;
}
