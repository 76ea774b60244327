import { VaultError } from '@strongroom/protocol';
import { FormatError, MissingTile, openCheckpoint, TileTree, treeRoot, type Checkpoint, type Vkey } from '@strongroom/transparency';
import type { DurableFiles } from '../disk/durable-files.js';
import { sameBytes } from '../disk/same-bytes.js';
import { DiskSource } from '../source/disk-source.js';
import { parseBatch, type Batch } from './next-batch.js';

export const CHECKPOINT = 'checkpoint';
export const NEXT = 'next';

/** What a log holds, as its disk says. */
export type LogState = {
  readonly checkpoint: Checkpoint;
  /** The signed note, with the cosignatures gathered so far. */
  readonly note: string;
  /** Index of each entry by the hexadecimal of its leaf hash; of equal ones the first. */
  readonly indexes: Map<string, number>;
};

/**
 * Reads the log and checks that what it last signed is what lies there: a log that lost or changed anything must not
 * sign again. A batch under way is returned to be written (again).
 * @throws INTERNAL saying what does not fit
 */
export async function loadLog(files: DurableFiles, vkey: Vkey): Promise<{ state: LogState; next: Batch | undefined } | undefined> {
  const kept = await files.read(CHECKPOINT);
  const begun = await files.read(NEXT);
  if (!kept) {
    // The first checkpoint comes before all else, so one that is missing was lost, and with it what may not be contradicted.
    if (begun || (await files.disk.list('tile')).length > 0) throw broken('tiles without a checkpoint');
    return undefined;
  }
  const { checkpoint, note } = readOwn(kept, vkey);
  const leafHashes = await leavesBelow(files, checkpoint);
  const indexes = new Map<string, number>();
  leafHashes.forEach((hash, index) => remember(indexes, hash, index));
  const batch = begun && parseBatch(vkey.name, begun);
  if (batch && batch.from > checkpoint.size) throw broken('the checkpoint is older than the batch after it');
  return { state: { checkpoint, note, indexes }, next: batch?.from === checkpoint.size ? batch : undefined };
}

/** Both ways to the root: over the leaves alone, and over the higher tiles that proofs are made from. */
async function leavesBelow(files: DurableFiles, { size, root }: Checkpoint): Promise<readonly Uint8Array[]> {
  const source = new DiskSource(files);
  try {
    const leafHashes = await source.leafHashes(size);
    const roots = [treeRoot(leafHashes), await new TileTree(source, size).root()];
    if (roots.some((each) => !sameBytes(each, root))) throw broken('the tiles do not lead to the root that was signed');
    return leafHashes;
  } catch (cause) {
    if (cause instanceof MissingTile || cause instanceof FormatError) throw broken(cause.message, cause);
    throw cause;
  }
}

/** Keeps the first index of equal entries. */
export function remember(indexes: Map<string, number>, leafHash: Uint8Array, index: number): void {
  const key = nameOf(leafHash);
  if (!indexes.has(key)) indexes.set(key, index);
}

export function nameOf(leafHash: Uint8Array): string {
  return Buffer.from(leafHash).toString('hex');
}

function readOwn(kept: Uint8Array, vkey: Vkey): { checkpoint: Checkpoint; note: string } {
  try {
    return { checkpoint: openCheckpoint(kept, vkey).checkpoint, note: Buffer.from(kept).toString('utf8') };
  } catch (cause) {
    if (cause instanceof FormatError) throw broken(`its checkpoint is not its own (${cause.message})`, cause);
    throw cause;
  }
}

function broken(reason: string, cause?: unknown): VaultError {
  return new VaultError('INTERNAL', `the log cannot go on: ${reason}`, {}, { cause });
}
