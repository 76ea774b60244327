import { fromHex, toHex } from '@strongroom/protocol';
import type { BundleMemory } from '@strongroom/transparency';
import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const row = z.strictObject({
  epoch: z.int().min(1),
  digest,
  minEpoch: z.int().min(1),
  checkpoint: z.strictObject({ origin: z.string().min(1).max(253), size: z.int().min(1), root: digest }).nullable(),
  witnessedAt: z.int().min(0),
  source: z.string().max(32 * 1024),
});

/** The bundle that a device accepted last, as it stands in its store. */
export interface KeptBundle {
  readonly memory: BundleMemory;
  /** As it came. */
  readonly source: string;
  /** Seconds since 1970, 0 when no quorum has seen it. */
  readonly witnessedAt: number;
}

/** The row's JSON. */
export function writeKept({ memory, source, witnessedAt }: KeptBundle): string {
  const { epoch, minEpoch, checkpoint } = memory;
  const seen = checkpoint ? { origin: checkpoint.origin, size: checkpoint.size, root: toHex(checkpoint.root) } : null;
  return JSON.stringify({ epoch, digest: toHex(memory.digest), minEpoch, checkpoint: seen, witnessedAt, source });
}

/** @throws Error when the store holds something else: the device's own memory is never guessed */
export function readKept(text: string): KeptBundle {
  const { epoch, digest: hex, minEpoch, checkpoint, witnessedAt, source } = row.parse(JSON.parse(text));
  const seen = checkpoint && { ...checkpoint, root: fromHex(checkpoint.root) };
  return { memory: { epoch, digest: fromHex(hex), minEpoch, ...(seen && { checkpoint: seen }) }, witnessedAt, source };
}
