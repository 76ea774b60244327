import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { VaultError, invalid } from '@strongroom/protocol';
import { decryptBackup, encryptBackup, iterated } from '@strongroom/client/backup';
import { packFolder } from './pack-folder.js';
import { unpackArchive, type Unpacked } from './unpack-archive.js';
import { walkFolder, type SkippedEntry } from './walk-folder.js';

/** Called with the bytes done so far and, once known, in all. */
export type Progress = (done: number, total: number) => void;

export interface BackupSummary {
  readonly files: number;
  /** Bytes of all files, before encryption. */
  readonly bytes: number;
  /** Bytes of the age file. */
  readonly sealedBytes: number;
  readonly skipped: readonly SkippedEntry[];
}

/**
 * Encrypts a folder into an age file (0600). It is written beside and takes its name only when it is whole and flushed,
 * so a backup that was interrupted never replaces a good one.
 */
export async function backupFolder(folder: string, file: string, backupKey: Uint8Array, progress: Progress): Promise<BackupSummary> {
  const total = await totalSize(folder, file);
  const skipped: SkippedEntry[] = [];
  let files = 0;
  let bytes = 0;
  const archive = packFolder(folder, {
    onFile: () => (files += 1),
    onBytes: (more) => progress((bytes += more), total),
    onSkipped: (entry) => skipped.push(entry),
  });
  const sealedBytes = await writeWhole(file, iterated(await encryptBackup(backupKey, archive)));
  return { files, bytes, sealedBytes, skipped };
}

/**
 * Decrypts an age file into a folder that does not exist yet or is empty. It is unpacked beside, and takes its name only
 * when every byte has been authenticated and the end of the file was seen.
 */
export async function restoreFolder(file: string, folder: string, backupKey: Uint8Array, progress: Progress): Promise<Unpacked> {
  await refuseFull(folder);
  const total = await sizeOf(file);
  const target = resolve(folder);
  await mkdir(dirname(target), { recursive: true });
  const draft = await mkdtemp(join(dirname(target), `.${basename(target)}.restore-`));
  try {
    let read = 0;
    const sealed = counted(createReadStream(file), (more) => progress((read += more), total));
    const plain = await decryptBackup(backupKey, sealed).catch((error: unknown) => {
      throw named(error, file, 'is not a backup that this key opens');
    });
    const unpacked = await unpackArchive(authenticated(plain, file), draft, () => undefined);
    await rmdir(target).catch(ignoreMissing);
    await rename(draft, target);
    return unpacked;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Sum of the sizes; refuses a backup file inside the folder, which would contain itself. */
async function totalSize(folder: string, file: string): Promise<number> {
  const info = await stat(folder).catch((cause: unknown) => {
    throw new VaultError('REQUEST_INVALID', `there is no folder ${folder}`, { field: 'folder' }, { cause });
  });
  if (!info.isDirectory()) throw invalid('folder', `${folder} is not a folder`);
  if (`${resolve(file)}/`.startsWith(`${resolve(folder)}/`)) throw invalid('out', 'lies inside the folder that is backed up');
  let total = 0;
  for await (const entry of walkFolder(folder, () => undefined)) total += entry.size;
  return total;
}

async function writeWhole(path: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  await mkdir(dirname(resolve(path)), { recursive: true });
  const draft = `${path}.part`;
  const file = await open(draft, 'w', 0o600);
  let length = 0;
  try {
    for await (const chunk of content) {
      await file.writeFile(chunk);
      length += chunk.length;
    }
    await file.sync();
    await file.close();
    await rename(draft, path);
    return length;
  } catch (error) {
    await file.close().catch(() => undefined); // closed already when the rename failed
    await rm(draft, { force: true });
    throw error;
  }
}

async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => ignoreMissing(error) ?? []);
  if (names.length > 0) throw invalid('out', `${folder} is not empty; name a folder that does not exist yet`);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw new VaultError('REQUEST_INVALID', `there is no file ${file}`, { field: 'file' }, { cause });
  }
}

async function* counted(source: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* authenticated(source: ReadableStream<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* iterated(source);
  } catch (error) {
    throw named(error, file, 'is damaged or cut short; nothing was restored');
  }
}

/** Which file it was; what the disk itself said stays as it is. */
function named(error: unknown, file: string, reason: string): unknown {
  const isBackup = error instanceof VaultError && error.metadata['field'] === 'backup';
  return isBackup ? new VaultError('REQUEST_INVALID', `${file} ${reason}`, { field: 'file' }, { cause: error }) : error;
}

function ignoreMissing(error: unknown): undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
