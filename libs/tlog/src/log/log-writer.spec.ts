import { describe, expect, it } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import { formatTilePath, leafHash, makeVkey, openCheckpoint, verifyInclusion } from '@strongroom/transparency';
import { Crash, SimulatedDisk } from '../disk/simulated-disk.fixture.js';
import { demandConsistent, demandSound, entries, entry, KEY, live, OVER_THE_TILE, SMALL, VKEY, WitnessedKey } from './log-story.fixture.js';
import { LogWriter } from './log-writer.js';

describe('a log that ends anywhere', () => {
  it.each([
    ['a killed process, which leaves all it did', 'all', SMALL],
    ['a power cut, which leaves only what was made durable', 'none', SMALL],
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

  it('signs nothing when another key signed its checkpoint', async () => {
    const { disk } = await live({ batches: SMALL, crashes: [], survival: [] });
    const stranger = nodeSigner(new Uint8Array(32).fill(8));
    await expect(LogWriter.open(disk, makeVkey(VKEY.name, stranger.publicKey), stranger)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('finishes what it began with the same entries, whatever it is asked for next', async () => {
    for (const survival of ['all', 'none'] as const) {
      for (let crashAt = 0, crashed = true; crashed; crashAt += 1) {
        const key = new WitnessedKey();
        const first = new SimulatedDisk(crashAt);
        const begun = await LogWriter.open(first, VKEY, key)
          .then((writer) => writer.append([entry('first')]))
          .then(() => undefined, onlyCrashes);
        crashed = begun !== undefined;
        const disk = first.afterCrash(survival);
        const writer = await LogWriter.open(disk, VKEY, key);
        await writer.append([entry('other')]);
        await demandConsistent({ disk, key }, writer.current.checkpoint.size);
      }
    }
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

/** The crash, or `undefined` when there was none. */
function onlyCrashes(error: unknown): Crash {
  if (error instanceof Crash) return error;
  throw error;
}
