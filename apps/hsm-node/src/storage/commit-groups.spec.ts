import { describe, expect, it } from '@jest/globals';
import { CommitGroups } from './commit-groups.js';

/** A disk whose writes end when the test says so. */
function heldDisk(): {
  readonly written: number[][];
  readonly write: (rows: readonly number[]) => Promise<void>;
  end(error?: Error): void;
} {
  const written: number[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  return {
    written,
    write: (rows) => {
      written.push([...rows]);
      return new Promise((resolve, reject) => ends.push((error) => (error === undefined ? resolve() : reject(error))));
    },
    end: (error) => ends.shift()?.(error),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('group commit', () => {
  it('writes what one turn commits at once, and what comes meanwhile together afterwards', async () => {
    const disk = heldDisk();
    const groups = new CommitGroups<number>(disk.write);
    const first = [groups.add([1, 2]), groups.add([3])];
    await turn();
    const second = [groups.add([4]), groups.add([5])];
    await turn();
    expect(disk.written).toEqual([[1, 2, 3]]);
    disk.end();
    await Promise.all(first);
    expect(disk.written).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    disk.end();
    await Promise.all(second);
  });

  it('resolves nobody before the write has ended', async () => {
    const disk = heldDisk();
    const groups = new CommitGroups<number>(disk.write);
    let done = false;
    const commit = groups.add([1]).then(() => (done = true));
    await turn();
    expect(done).toBe(false);
    disk.end();
    await commit;
  });

  it('rejects the whole group on a full disk and goes on', async () => {
    const disk = heldDisk();
    const groups = new CommitGroups<number>(disk.write);
    const failed = Promise.allSettled([groups.add([1]), groups.add([2])]);
    await turn();
    disk.end(new Error('ENOSPC: no space left on device'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = groups.add([3]);
    await turn();
    disk.end();
    await next;
  });

  it('refuses everything after any other failure, what waits already included, and tells once', async () => {
    const disk = heldDisk();
    const told: string[] = [];
    const groups = new CommitGroups<number>(disk.write, ({ message }) => void told.push(message));
    const first = groups.add([1]);
    await turn();
    const waiting = groups.add([2]);
    disk.end(new Error('EIO: i/o error'));
    await expect(first).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(waiting).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(groups.add([3])).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(disk.written).toEqual([[1]]);
    expect(told).toEqual(['the disk failed']);
  });
});
