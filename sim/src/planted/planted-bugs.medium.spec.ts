import { describe, expect, it } from '@jest/globals';
import { findPlantedBugs, MOST_SEEDS } from './find-planted-bugs.js';
import { BROKEN_CODE } from '../watch/violation.js';
import { PLANTED_BUGS } from './planted-bugs.js';

const DEADLINE_MS = 900_000;

describe('the simulator', () => {
  it(
    `finds ${PLANTED_BUGS.length} of ${PLANTED_BUGS.length} planted bugs, each within ${MOST_SEEDS} seeds that sound code passes`,
    async () => {
      const found = await findPlantedBugs(PLANTED_BUGS, { signal: new AbortController().signal, progress: () => undefined });
      expect(found.filter(({ seeds }) => seeds === null).map(({ bug }) => bug.name)).toEqual([]);
      expect(found).toHaveLength(PLANTED_BUGS.length);
      expect(found.filter(({ rule }) => rule === BROKEN_CODE)).toEqual([]);
    },
    DEADLINE_MS,
  );
});
