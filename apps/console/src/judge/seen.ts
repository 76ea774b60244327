import { type BundleMemory } from '@strongroom/transparency';

/** What this browser remembers of the newest bundle it accepted, as JSON. Bytes are lower-case hexadecimal. */
export type SeenJson = {
  readonly epoch: number;
  readonly digest: string;
  readonly minEpoch: number;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null;
};

export function seenJson({ epoch, digest, minEpoch, checkpoint }: BundleMemory): SeenJson {
  const shown = checkpoint ? { origin: checkpoint.origin, size: checkpoint.size, root: hexOf(checkpoint.root) } : null;
  return { epoch, digest: hexOf(digest), minEpoch, checkpoint: shown };
}

export function memoryOf({ epoch, digest, minEpoch, checkpoint }: SeenJson): BundleMemory {
  const shown = checkpoint && { ...checkpoint, root: bytesOf(checkpoint.root) };
  return { epoch, digest: bytesOf(digest), minEpoch, ...(shown && { checkpoint: shown }) };
}

/** `undefined` for anything that `seenJson` does not write: a state that cannot be read is no state. */
export function readSeen(value: unknown): SeenJson | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (name: string): unknown => Reflect.get(value, name);
  const [epoch, digest, minEpoch, checkpoint] = [field('epoch'), field('digest'), field('minEpoch'), readCheckpoint(field('checkpoint'))];
  if (!isCount(epoch) || !isCount(minEpoch) || !isHash(digest) || checkpoint === undefined) return undefined;
  return { epoch, digest, minEpoch, checkpoint };
}

function readCheckpoint(value: unknown): SeenJson['checkpoint'] | undefined {
  if (value === null) return null;
  if (typeof value !== 'object') return undefined;
  const origin: unknown = Reflect.get(value, 'origin');
  const size: unknown = Reflect.get(value, 'size');
  const root: unknown = Reflect.get(value, 'root');
  return typeof origin === 'string' && isCount(size) && isHash(root) ? { origin, size, root } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
