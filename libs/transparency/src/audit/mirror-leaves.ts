import { sameOctets } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { SourceUnavailable } from '../source/log-source.js';
import { treeRoot } from '../tree/tree-root.js';
import type { MirrorSource } from './audit-sources.js';
import type { View } from './view.js';

/** More entries than any fleet announces in a lifetime; a log that signs a larger size is not followed into it. */
export const MAX_ENTRIES = 1_000_000;

/** @throws SourceUnavailable beyond MAX_ENTRIES */
export function demandReadable(name: string, size: number): void {
  if (size > MAX_ENTRIES) throw new SourceUnavailable(`${name} claims ${size} entries, more than ${MAX_ENTRIES} are not read`);
}

/** The leaf hashes behind a mirror's checkpoint. @throws SourceUnavailable, MissingTile; FormatError when they lead to another root */
export async function readMirror({ name, source }: MirrorSource, { checkpoint }: View): Promise<readonly Uint8Array[]> {
  demandReadable(name, checkpoint.size);
  const leaves = await source.leafHashes(checkpoint.size);
  if (!sameOctets(treeRoot(leaves), checkpoint.root)) throw new FormatError(name, 'does not hold the tree of its checkpoint');
  return leaves;
}
