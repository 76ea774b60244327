import { describe, expect, it } from '@jest/globals';
import { helperSets, suspectsOf } from './helper-sets.js';

describe('the sets of helpers', () => {
  it('are all that there are, each once', () => {
    expect(helperSets([1, 2, 4, 5], 3, 16)).toEqual([
      [1, 2, 4],
      [1, 2, 5],
      [1, 4, 5],
      [2, 4, 5],
    ]);
  });

  it('are no more than the limit, and none when too few nodes are up', () => {
    expect(helperSets([1, 2, 3, 4, 5, 6], 4, 16)).toHaveLength(15);
    expect(helperSets([1, 2, 3, 4, 5, 6], 4, 7)).toHaveLength(7);
    expect(helperSets([1, 2], 3, 16)).toEqual([]);
  });
});

describe('the suspects', () => {
  it.each([1, 2, 4, 5])('are node %i alone when it lies to every set that it is in', (liar) => {
    const sets = helperSets([1, 2, 4, 5], 3, 16);
    const failed = sets.filter((helpers) => helpers.includes(liar));
    expect(suspectsOf(failed, sets.find((helpers) => !helpers.includes(liar)) ?? [])).toEqual([liar]);
  });

  it('are all helpers when there are no others to try', () => {
    expect(suspectsOf([[2, 4, 5]], [])).toEqual([2, 4, 5]);
  });

  it('are nobody when two lie by turns', () => {
    expect(
      suspectsOf(
        [
          [1, 2, 4],
          [2, 4, 5],
          [1, 5, 6],
        ],
        [],
      ),
    ).toEqual([]);
  });
});
