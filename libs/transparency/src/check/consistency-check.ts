import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { readCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { sameOctets, toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { openBundleProof, type BundleProof } from '../proof/bundle-proof.js';
import { verifyConsistency } from '../tree/consistency.js';
import { rootBeforeLast } from '../tree/root-before-last.js';
import type { BundleMemory } from './bundle-memory.js';
import { invalidBundle, passed, skipped, staleBundle, type CheckReport } from './check.js';

/** Two sizes of one log between which a consistency proof is wanted. */
export type Gap = { readonly oldSize: number; readonly newSize: number };

/**
 * Step 16: the log only grew since this client saw it. One entry more is proved by the bundle's own path, which holds
 * the whole tree before its last leaf; a longer gap needs `consistency`, the proof between the two sizes.
 */
export function checkConsistency(
  { path }: BundleProof,
  checkpoint: Checkpoint,
  memory: BundleMemory | undefined,
  consistency: readonly Uint8Array[] | undefined,
): CheckReport {
  const seen = memory?.checkpoint;
  if (!seen) return passed('consistency', `${checkpoint.size} entries, the first checkpoint that this client sees`);
  if (seen.origin !== checkpoint.origin) return skipped('consistency', `the log was ${seen.origin} before, under another trust root`);
  const { size, root } = checkpoint;
  if (size < seen.size) throw staleBundle('consistency', `${size} entries, but ${seen.size} were seen`);
  const views = `${seen.size} entries with root ${toHex(seen.root)}, ${size} with ${toHex(root)}`;
  if (!hasGrown(seen, checkpoint, path, consistency)) throw invalidBundle('consistency', `not shown to be one log: ${views}`);
  return passed('consistency', views);
}

/**
 * The consistency proof without which step 16 would refuse this bundle, or `undefined` when none is needed or the text is no
 * bundle's proof, which the checks will say. Verifies nothing.
 */
export function missingConsistency(source: string, memory: BundleMemory | undefined): Gap | undefined {
  const seen = memory?.checkpoint;
  if (!seen || seen.size === 0) return undefined;
  const checkpoint = claimedCheckpoint(source);
  if (!checkpoint || checkpoint.origin !== seen.origin || checkpoint.size < seen.size + 2) return undefined;
  return { oldSize: seen.size, newSize: checkpoint.size };
}

function hasGrown(
  seen: Checkpoint,
  { size, root }: Checkpoint,
  path: readonly Uint8Array[],
  consistency: readonly Uint8Array[] | undefined,
): boolean {
  if (size === seen.size) return sameOctets(root, seen.root);
  // Step 12 has shown that the path leads to this root from the last leaf (step 13).
  if (size === seen.size + 1) return sameOctets(rootBeforeLast(path), seen.root);
  return verifyConsistency({ oldSize: seen.size, oldRoot: seen.root, newSize: size, newRoot: root, proof: consistency ?? [] });
}

function claimedCheckpoint(source: string): Checkpoint | undefined {
  try {
    return readCheckpoint(openBundleProof(source).checkpoint).checkpoint;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
