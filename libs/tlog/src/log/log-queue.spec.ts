import { describe, expect, it } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import { makeVkey } from '@strongroom/transparency';
import { Crash, SimulatedDisk } from '../disk/simulated-disk.fixture.js';
import { LogQueue } from './log-queue.js';
import { LogWriter } from './log-writer.js';

const KEY = nodeSigner(new Uint8Array(32).fill(3));
const VKEY = makeVkey('log.example/fleet-keys', KEY.publicKey);
const entry = (i: number): Uint8Array => new TextEncoder().encode(`entry ${i}`);

/** Refuses every call while `broken`, as a full disk does. */
class FailingDisk extends SimulatedDisk {
  broken = false;

  override sync(path: string): Promise<void> {
    return this.broken ? Promise.reject(new Error('no space left')) : super.sync(path);
  }
}

async function queueOn(disk: SimulatedDisk): Promise<LogQueue> {
  return new LogQueue(await LogWriter.open(disk, VKEY, KEY));
}

describe('appending', () => {
  it('gives each entry the place in which it was asked for, many in one batch', async () => {
    let batches = 0;
    const queue = new LogQueue(await LogWriter.open(new SimulatedDisk(), VKEY, KEY), () => (batches += 1));
    const indexes = await Promise.all(Array.from({ length: 600 }, (_, i) => queue.append(entry(i))));
    expect(indexes).toEqual(Array.from({ length: 600 }, (_, i) => i));
    expect(batches).toBeLessThan(4);
  });

  it('gives the same entry the same index, in the batch under way, in the queue, and later', async () => {
    const disk = new SimulatedDisk();
    const queue = await queueOn(disk);
    const first = queue.append(entry(0));
    const indexes = await Promise.all([first, queue.append(entry(0)), queue.append(entry(1)), queue.append(entry(1))]);
    expect(indexes).toEqual([0, 0, 1, 1]);
    expect(await queue.append(entry(1))).toBe(1);
    expect(await (await queueOn(disk.afterCrash('none'))).append(entry(0))).toBe(0);
    expect(queue.writer.current.checkpoint.size).toBe(2);
  });

  it('refuses those that wait when the disk fails, and goes on once it works again, with what may be durable', async () => {
    const disk = new FailingDisk();
    const queue = await queueOn(disk);
    await queue.append(entry(0));
    disk.broken = true;
    const refused = await Promise.allSettled([queue.append(entry(1)), queue.append(entry(2))]);
    expect(refused.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(['FLEET_UNAVAILABLE', 'FLEET_UNAVAILABLE']);
    expect(queue.isWell).toBe(false);
    disk.broken = false;
    expect(() => queue.writer.current).toThrow(expect.objectContaining({ code: 'FLEET_UNAVAILABLE' }));
    await queue.ready();
    expect(queue.writer.current.checkpoint.size).toBeGreaterThan(0);
    expect(await queue.append(entry(3))).toBeGreaterThan(0);
    expect(queue.isWell).toBe(true);
    const size = queue.writer.current.checkpoint.size;
    await queueOn(disk.afterCrash('none'));
    expect(size).toBe(queue.writer.current.checkpoint.size);
  });

  it('answers only what a power cut leaves', async () => {
    for (let crashAt = 10; crashAt < 40; crashAt += 1) {
      const disk = new SimulatedDisk(crashAt);
      const answers = await queueOn(disk)
        .then((queue) => Promise.allSettled([queue.append(entry(0)), queue.append(entry(1))]))
        .catch((error: unknown) => {
          if (error instanceof Crash) return [];
          throw error;
        });
      const later = await LogWriter.open(disk.afterCrash('none'), VKEY, KEY);
      const answered = answers.filter(({ status }) => status === 'fulfilled').length;
      expect(later.current.checkpoint.size).toBeGreaterThanOrEqual(answered);
    }
  });

  it('refuses what can be no entry', async () => {
    const queue = await queueOn(new SimulatedDisk());
    await expect(queue.append(new Uint8Array(0))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(queue.append(new Uint8Array(65_536))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
