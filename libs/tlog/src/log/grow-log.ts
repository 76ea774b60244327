import {
  addedEntryBundles,
  encodeEntryBundle,
  formatTilePath,
  growTiles,
  leafHash,
  parseEntryBundle,
  TILE_WIDTH,
} from '@strongroom/transparency';
import type { DurableFiles, NewFile } from '../disk/durable-files.js';
import { DiskSource } from '../source/disk-source.js';
import type { Batch } from './next-batch.js';

/** All files that a batch adds to the log: tiles of hashes, and bundles of entries. They follow from it alone. */
export async function filesOfBatch(files: DurableFiles, { from, entries }: Batch): Promise<NewFile[]> {
  const tiles = await growTiles(new DiskSource(files), from, entries.map(leafHash));
  const bundles = await entryBundles(files, { from, entries });
  return [...bundles, ...tiles.map(({ path, bytes }) => ({ path: formatTilePath(path), bytes }))];
}

async function entryBundles(files: DurableFiles, { from, entries }: Batch): Promise<NewFile[]> {
  const made: NewFile[] = [];
  for (const path of addedEntryBundles(from, from + entries.length)) {
    const start = path.index * TILE_WIDTH;
    const before =
      from > start ? parseEntryBundle(await new DiskSource(files).readTile({ ...path, width: from - start })).slice(0, from - start) : [];
    const fresh = entries.slice(Math.max(0, start - from), start + path.width - from);
    made.push({ path: formatTilePath(path), bytes: encodeEntryBundle([...before, ...fresh]) });
  }
  return made;
}

/** Folders of partial tiles whose full tile exists in a tree of `size` leaves and did not in one of `oldSize`. */
export function supersededFolders(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !path.includes('.p/')).map((path) => `${path}.p`);
}
