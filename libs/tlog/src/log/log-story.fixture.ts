import { expect } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import { fsck, leafHash, makeVkey, parseCheckpoint, treeRoot, type Checkpoint, type Ed25519Signer } from '@strongroom/transparency';
import { Crash, SimulatedDisk, type Survival } from '../disk/simulated-disk.fixture.js';
import { DiskSource } from '../source/disk-source.js';
import { LogWriter } from './log-writer.js';

export const KEY = nodeSigner(new Uint8Array(32).fill(7));
export const VKEY = makeVkey('vault.example/main/log', KEY.publicKey);
const text = new TextEncoder();
export const entry = (name: string | number): Uint8Array => text.encode(`entry ${name}\n`);
export const entries = (from: number, to: number): Uint8Array[] => Array.from({ length: to - from }, (_, i) => entry(from + i));

/** Keeps what was signed, and whether everything below each signature would survive a power cut then. */
export class WitnessedKey implements Ed25519Signer {
  readonly publicKey = KEY.publicKey;
  readonly signed: Checkpoint[] = [];
  disk: SimulatedDisk | undefined;
  readonly early: Promise<string[]>[] = [];

  sign(message: Uint8Array): Uint8Array {
    const checkpoint = parseCheckpoint(new TextDecoder().decode(message));
    this.signed.push(checkpoint);
    const image = this.disk?.afterCrash('none');
    if (image) this.early.push(leavesMissing(image, checkpoint));
    return KEY.sign(message);
  }
}

async function leavesMissing(disk: SimulatedDisk, { size, root }: Checkpoint): Promise<string[]> {
  const hashes = await new DiskSource(disk).leafHashes(size).catch(() => undefined);
  if (!hashes) return [`the tree of ${size} was signed before its tiles were durable`];
  return Buffer.compare(treeRoot(hashes), root) === 0 ? [] : [`another tree of ${size} was durable`];
}

export type Story = {
  readonly batches: readonly (readonly Uint8Array[])[];
  readonly crashes: readonly number[];
  /** After the first crash, the second .. */
  readonly survival: readonly Survival[];
};

export type Lived = { readonly disk: SimulatedDisk; readonly writer: LogWriter; readonly key: WitnessedKey; readonly crashed: number };

/** Appends until it has lived through the crashes, each time as another process would; then all that was left out. */
export async function live({ batches, crashes, survival }: Story): Promise<Lived> {
  const key = new WitnessedKey();
  let disk = new SimulatedDisk(crashes[0]);
  let crashed = 0;
  let answered = 0;
  for (;;) {
    key.disk = disk;
    try {
      const writer = await LogWriter.open(disk, VKEY, key);
      expect(writer.current.checkpoint.size).toBeGreaterThanOrEqual(answered);
      for (const batch of batches) {
        const fresh = batch.filter((each) => writer.indexOf(leafHash(each)) === undefined);
        if (fresh.length > 0) await writer.append(fresh);
        answered = writer.current.checkpoint.size;
      }
      return { disk, writer, key, crashed };
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      disk = disk.afterCrash(survival[crashed] ?? 'all', crashes[crashed + 1]);
      crashed += 1;
    }
  }
}

/** What holds after any story: the log is whole, it continues everything that was ever signed, nothing was signed too early. */
export async function demandSound(story: Lived, size: number): Promise<void> {
  await demandConsistent(story, size);
  const report = await fsck(new DiskSource(story.disk), VKEY);
  expect(report).toMatchObject({ outcome: 'ok', size, problems: [] });
}

export async function demandConsistent({ disk, key }: Pick<Lived, 'disk' | 'key'>, size: number): Promise<void> {
  const hashes = await new DiskSource(disk).leafHashes(size);
  for (const { size: signedSize, root } of key.signed) {
    expect({ size: signedSize, root: [...treeRoot(hashes.slice(0, signedSize))] }).toEqual({ size: signedSize, root: [...root] });
  }
  expect((await Promise.all(key.early)).flat()).toEqual([]);
}

export const ONE = [entries(0, 1)];
export const SMALL = [entries(0, 2), entries(2, 3)];
/** From a partial tile over its end: a full one, the next partial one and the first of the level above. */
export const OVER_THE_TILE = [entries(0, 254), entries(254, 259)];
