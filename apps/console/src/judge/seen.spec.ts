import { describe, expect, it } from '@jest/globals';
import { memoryOf, readSeen, seenJson } from './seen.js';

const HASH = 'ab'.repeat(32);
const seen = { epoch: 3, digest: HASH, minEpoch: 1, checkpoint: { origin: 'log.example/x', size: 3, root: HASH } };

describe('what a browser remembers', () => {
  it('comes back as it was', () => {
    expect(readSeen(JSON.parse(JSON.stringify(seenJson(memoryOf(seen)))))).toEqual(seen);
    expect(seenJson(memoryOf({ ...seen, checkpoint: null }))).toEqual({ ...seen, checkpoint: null });
  });

  it.each([
    null,
    'text',
    [],
    {},
    { ...seen, epoch: -1 },
    { ...seen, epoch: '3' },
    { ...seen, digest: 'AB'.repeat(32) },
    { ...seen, digest: 'ab' },
    { ...seen, checkpoint: undefined },
    { ...seen, checkpoint: { ...seen.checkpoint, root: 7 } },
  ])('counts for nothing when it was changed: %j', (value) => {
    expect(readSeen(value)).toBeUndefined();
  });
});
