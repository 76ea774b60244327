import { describe, expect, it } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import {
  formatTilePath,
  leafHash,
  makeVkey,
  openCheckpoint,
  parseCheckpoint,
  treeRoot,
  verifyInclusion,
  type Checkpoint,
  type Ed25519Signer,
} from '@strongroom/transparency';
import { Crash, SimulatedDisk, type Survival } from '../disk/simulated-disk.fixture.js';
import { fsck } from '../fsck/fsck.js';
import { DiskSource } from '../source/disk-source.js';
import { LogWriter } from './log-writer.js';

const KEY = nodeSigner(new Uint8Array(32).fill(7));
const VKEY = makeVkey('vault.example/main/log', KEY.publicKey);
const text = new TextEncoder();
const entry = (name: string | number): Uint8Array => text.encode(`entry ${name}\n`);
const entries = (from: number, to: number): Uint8Array[] => Array.from({ length: to - from }, (_, i) => entry(from + i));

/** Keeps what was signed, and whether everything below each signature would survive a power cut then. */
class WitnessedKey implements Ed25519Signer {
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

type Story = {
  readonly batches: readonly (readonly Uint8Array[])[];
  readonly crashes: readonly number[];
  /** After the first crash, the second .. */
  readonly survival: readonly Survival[];
};

/** Appends until it has lived through the crashes, each time as another process would; then all that was left out. */
async function live({ batches, crashes, survival }: Story) {
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
async function demandSound(story: Awaited<ReturnType<typeof live>>, size: number): Promise<void> {
  await demandConsistent(story, size);
  const report = await fsck(new DiskSource(story.disk), VKEY);
  expect(report).toMatchObject({ outcome: 'ok', size, problems: [] });
}

async function demandConsistent({ disk, key }: Awaited<ReturnType<typeof live>>, size: number): Promise<void> {
  const hashes = await new DiskSource(disk).leafHashes(size);
  for (const { size: signedSize, root } of key.signed) {
    expect({ size: signedSize, root: [...treeRoot(hashes.slice(0, signedSize))] }).toEqual({ size: signedSize, root: [...root] });
  }
  expect((await Promise.all(key.early)).flat()).toEqual([]);
}

const ONE = [entries(0, 1)];
const SMALL = [entries(0, 2), entries(2, 3)];
/** From a partial tile over its end: a full one, the next partial one and the first of the level above. */
const OVER_THE_TILE = [entries(0, 254), entries(254, 259)];

describe('a log that ends anywhere', () => {
  it.each([
    ['a killed process, which leaves all it did', 'all', SMALL],
    ['a power cut, which leaves only what was made durable', 'none', SMALL],
    ['a killed process, across the end of a tile', 'all', OVER_THE_TILE],
    ['a power cut, across the end of a tile', 'none', OVER_THE_TILE],
  ] as const)('is consistent and goes on after %s, at every call to the disk', async (_what, survival, batches) => {
    const size = batches.flat().length;
    let crashAt = 0;
    for (;;) {
      const story = await live({ batches, crashes: [crashAt], survival: [survival] });
      await demandSound(story, size);
      if (story.crashed === 0) break;
      crashAt += 1;
    }
    expect(crashAt).toBeGreaterThan(20);
  });

  it('is consistent after a power cut that leaves a part, by chance, at every call', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      let state = seed;
      const chance = (): boolean => ((state = (state * 48_271) % 2_147_483_647) & 64) === 0;
      for (let crashAt = 0, crashed = 1; crashed > 0; crashAt++) {
        const story = await live({ batches: ONE, crashes: [crashAt], survival: [chance] });
        await demandSound(story, 1);
        crashed = story.crashed;
      }
    }
  });

  it('is consistent when the power goes while the next process recovers from a kill', async () => {
    let stories = 0;
    for (let first = 0, crashed = 1; crashed > 0; first += 4) {
      for (let second = 0, both = 2; both > 1; second += 1, stories += 1) {
        const story = await live({ batches: ONE, crashes: [first, second], survival: ['all', 'none'] });
        await demandConsistent(story, 1);
        [both, crashed] = [story.crashed, story.crashed];
      }
    }
    expect(stories).toBeGreaterThan(50);
  });
});

describe('a log', () => {
  it('signs an empty tree first, then each larger one, and proves inclusion', async () => {
    const disk = new SimulatedDisk();
    const writer = await LogWriter.open(disk, VKEY, KEY);
    expect(writer.current.checkpoint.size).toBe(0);
    await writer.append(entries(0, 300));
    const { checkpoint, note } = writer.current;
    expect(openCheckpoint(note, writer.vkey).checkpoint).toEqual(checkpoint);
    const path = await writer.tree().inclusionPath(17);
    expect(verifyInclusion(leafHash(entry(17)), 17, 300, path, checkpoint.root)).toBe(true);
  });

  it('drops partial tiles once the full one is there', async () => {
    const { disk } = await live({ batches: OVER_THE_TILE, crashes: [], survival: [] });
    const partial = formatTilePath({ level: 0, index: 0, width: 254 });
    expect(await disk.read(partial)).toBeUndefined();
    expect(await disk.read(formatTilePath({ level: 0, index: 1, width: 3 }))).toHaveLength(96);
  });

  it.each([
    ['a tile is another', formatTilePath({ level: 0, index: 0, width: 3 })],
    ['its checkpoint is another', 'checkpoint'],
  ])('signs nothing when %s than it was', async (_what, path) => {
    const { disk } = await live({ batches: SMALL, crashes: [], survival: [] });
    const bytes = (await disk.read(path)) ?? new Uint8Array(0);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await disk.write(path, bytes);
    await expect(LogWriter.open(disk, VKEY, KEY)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('signs nothing when its checkpoint is lost, or older than what it had begun', async () => {
    const early = await live({ batches: [entries(0, 2)], crashes: [], survival: [] });
    const old = (await early.disk.read('checkpoint')) ?? new Uint8Array(0);
    const { disk } = await live({ batches: [...SMALL, entries(3, 4)], crashes: [], survival: [] });
    await disk.write('checkpoint', old);
    await expect(LogWriter.open(disk, VKEY, KEY)).rejects.toMatchObject({ code: 'INTERNAL' });
    await disk.removeFolder('checkpoint');
    await expect(LogWriter.open(disk, VKEY, KEY)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('never puts other bytes where a tile was', async () => {
    const { disk, writer } = await live({ batches: SMALL, crashes: [], survival: [] });
    await disk.makeFolder('tile/0/000.p');
    await disk.write(formatTilePath({ level: 0, index: 0, width: 4 }), new Uint8Array(128));
    await expect(writer.append([entry('other')])).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(openCheckpoint((await disk.read('checkpoint')) ?? '', writer.vkey).checkpoint.size).toBe(3);
  });

  it('refuses entries that tiles cannot hold', async () => {
    const writer = await LogWriter.open(new SimulatedDisk(), VKEY, KEY);
    for (const length of [0, 65_536]) {
      await expect(writer.append([new Uint8Array(length)])).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
    await writer.append([new Uint8Array(65_535)]);
    expect(writer.current.checkpoint.size).toBe(1);
  });
});
