import { createReadStream } from 'node:fs';
import { pack, type EntrySink, type Pack } from 'tar-stream';
import { VaultError } from '@strongroom/protocol';
import { walkFolder, type FolderEntry, type SkippedEntry } from './walk-folder.js';

export interface PackProgress {
  readonly onFile: (entry: FolderEntry) => void;
  readonly onBytes: (bytes: number) => void;
  readonly onSkipped: (entry: SkippedEntry) => void;
}

/** A folder as a tar stream. One file is open at a time and nothing is held back: memory does not grow with the folder. */
export function packFolder(folder: string, progress: PackProgress): AsyncIterable<Uint8Array> {
  const archive = pack();
  writeAll(archive, folder, progress).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  return archive;
}

async function writeAll(archive: Pack, folder: string, progress: PackProgress): Promise<void> {
  for await (const entry of walkFolder(folder, progress.onSkipped)) {
    await writeEntry(archive, entry, progress.onBytes);
    if (entry.kind === 'file') progress.onFile(entry);
  }
}

function writeEntry(archive: Pack, entry: FolderEntry, onBytes: (bytes: number) => void): Promise<void> {
  const { name, kind, size, mode, mtime, target } = entry;
  return new Promise((resolve, reject) => {
    const header = { name: kind === 'directory' ? `${name}/` : name, type: kind, size, mode, mtime, linkname: target };
    const sink = archive.entry(header, (error) => (error ? reject(error) : resolve()));
    sink.once('error', reject);
    if (kind === 'file') copyFile(entry, sink, onBytes).catch(reject);
  });
}

/** Exactly the bytes that the header announced; a file that shrinks or grows meanwhile is an error, not a wrong backup. */
async function copyFile(entry: FolderEntry, sink: EntrySink, onBytes: (bytes: number) => void): Promise<void> {
  let copied = 0;
  for await (const chunk of createReadStream(entry.path)) {
    const bytes: Uint8Array = chunk;
    copied += bytes.length;
    if (copied > entry.size) break;
    onBytes(bytes.length);
    if (!sink.write(bytes)) await new Promise<void>((drained) => sink.once('drain', drained));
  }
  if (copied !== entry.size) {
    throw new VaultError('CONFLICT', `${entry.name} changed while it was being read; run the backup again`, { file: entry.name });
  }
  sink.end();
}
