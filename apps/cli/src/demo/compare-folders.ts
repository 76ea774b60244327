import { createReadStream } from 'node:fs';
import { walkFolder, type FolderEntry } from '../backup/walk-folder.js';

/**
 * Compares two folders file by file and byte by byte.
 * @returns how many bytes were compared, all of them equal
 * @throws Error naming the first difference: a missing or additional entry, another kind, target, length or byte
 */
export async function compareFolders(expected: string, found: string): Promise<number> {
  const [a, b] = [await entriesOf(expected), await entriesOf(found)];
  let compared = 0;
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(name), b.get(name)];
    if (!left || !right) throw new Error(`${name} is only in ${left ? expected : found}`);
    if (left.kind !== right.kind || left.target !== right.target || left.size !== right.size)
      throw new Error(`${name} differs in kind or length`);
    if (left.kind === 'file') compared += await compareFiles(left, right);
  }
  return compared;
}

async function entriesOf(folder: string): Promise<ReadonlyMap<string, FolderEntry>> {
  const entries = new Map<string, FolderEntry>();
  // What a backup leaves out is not compared.
  for await (const entry of walkFolder(folder, () => undefined)) entries.set(entry.name, entry);
  return entries;
}

/** Chunks of two files need not end at the same places, so the shorter one decides how much is compared next. */
async function compareFiles(left: FolderEntry, right: FolderEntry): Promise<number> {
  const others = chunksOf(right.path);
  let pending = Buffer.alloc(0);
  let compared = 0;
  for await (const chunk of chunksOf(left.path)) {
    while (pending.length < chunk.length) {
      const next = await others.next();
      if (next.done) throw new Error(`${left.name} is cut short`);
      pending = Buffer.concat([pending, next.value]);
    }
    if (!pending.subarray(0, chunk.length).equals(chunk)) throw new Error(`${left.name} differs`);
    pending = pending.subarray(chunk.length);
    compared += chunk.length;
  }
  return compared;
}

async function* chunksOf(path: string): AsyncGenerator<Buffer<ArrayBuffer>> {
  for await (const chunk of createReadStream(path)) yield chunk;
}
