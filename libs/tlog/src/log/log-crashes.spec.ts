import { describe, expect, it } from '@jest/globals';
import { demandConsistent, demandSound, live, ONE, OVER_THE_TILE } from './log-story.fixture.js';

describe('a log that ends anywhere', () => {
  it.each([
    ['a killed process, across the end of a tile', 'all', OVER_THE_TILE],
    ['a power cut, across the end of a tile', 'none', OVER_THE_TILE],
  ] as const)('is consistent and goes on after %s, at every call to the disk', async (_what, survival, batches) => {
    const size = batches.flat().length;
    // What comes before the end of the tile is as in smaller trees.
    let crashAt = (await live({ batches: batches.slice(0, 1), crashes: [], survival: [] })).disk.calls;
    const first = crashAt;
    for (;;) {
      const story = await live({ batches, crashes: [crashAt], survival: [survival] });
      await demandSound(story, size);
      if (story.crashed === 0) break;
      crashAt += 1;
    }
    expect(crashAt - first).toBeGreaterThan(20);
  });

  it('is consistent after a power cut that leaves a part, by chance, at every call', async () => {
    for (let seed = 1; seed <= 2; seed++) {
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
