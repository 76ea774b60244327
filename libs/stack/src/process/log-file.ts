import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const TAIL_BYTES = 4_096;

/** What the file holds from `offset` on, at most `limit` bytes. */
export function readFrom(path: string, offset: number, limit: number): string {
  const buffer = Buffer.alloc(limit);
  const file = openSync(path, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, limit, offset));
  } finally {
    closeSync(file);
  }
}

/** Length in bytes; 0 for a file that is not there. */
export function lengthOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** The last lines of a log, for the message of an error. */
export function tail(path: string, lines = 12): string {
  const size = lengthOf(path);
  if (size === 0) return '';
  const start = Math.max(0, size - TAIL_BYTES);
  return readFrom(path, start, size - start)
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .join('\n');
}
