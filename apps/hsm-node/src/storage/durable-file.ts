import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, basename } from 'node:path';
import type { Bytes } from '@strongroom/protocol';

/** Readable and writable by the node's user alone. */
export const PRIVATE_FILE = 0o600;
/** Likewise for folders. */
export const PRIVATE_FOLDER = 0o700;

/**
 * Replaces a file as a whole, durable when it returns: whatever crashes, the path holds the old bytes or the new ones.
 * @throws the system's error when the disk refuses; the old file stays
 */
export function writeDurably(path: string, bytes: Bytes): void {
  const unfinished = join(dirname(path), `.${basename(path)}.unfinished`);
  try {
    writeFileSync(unfinished, bytes, { mode: PRIVATE_FILE, flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  flushFolder(dirname(path));
}

/** Makes names in a folder durable: a rename or a new file survives a power cut only after this. */
export function flushFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The file's bytes, or `null` when there is none. Any other failure is thrown. */
export function readIfThere(path: string): Bytes | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
