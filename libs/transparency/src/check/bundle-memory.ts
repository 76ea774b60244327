import type { Checkpoint } from '../checkpoint/checkpoint.js';

/** What a client remembers of the newest bundle that it accepted, and saves before it uses any key of it (step 20). */
export type BundleMemory = {
  readonly epoch: number;
  /** 32 bytes: `bundleDigest` of its text. */
  readonly digest: Uint8Array;
  readonly minEpoch: number;
  /** The log as that bundle's proof showed it; `undefined` after a bare note. */
  readonly checkpoint?: Checkpoint | undefined;
};

/** Whether the client has already given this very bundle its trust: then it learns nothing new from it. */
export function isPinned(epoch: number, digest: Uint8Array, memory: BundleMemory | undefined): boolean {
  return memory !== undefined && memory.epoch === epoch && memory.digest.every((byte, i) => byte === digest[i]);
}
