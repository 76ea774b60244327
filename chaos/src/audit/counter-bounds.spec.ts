import { describe, expect, it } from '@jest/globals';
import { history } from '../linearizability/history.fixture.js';
import { spentBounds, unexplained } from './counter-bounds.js';

const wrong = { kind: 'recover', code: 'x' } as const;

describe('the bounds of a counter', () => {
  it('are exact when every outcome is known', () => {
    const { operations } = history().registers([0, 1], 'a').isWrong([2, 3], 'x', 9).recovers([4, 5], 'a').isWrong([6, 7], 'x', 9);
    expect(spentBounds(operations)).toEqual({ least: 1, most: 1 });
  });

  it('leave an attempt that nobody heard of open, whenever it was made', () => {
    const { operations } = history()
      .registers([0, 1], 'a')
      .fails([2, 3], wrong, { entriesSent: 2 })
      .recovers([4, 5], 'a')
      .isWrong([6, 7], 'x', 9);
    expect(spentBounds(operations)).toEqual({ least: 1, most: 3 });
  });

  it('leave a reset that nobody heard of open', () => {
    const maybe = { kind: 'recover', code: 'a' } as const;
    const { operations } = history().registers([0, 1], 'a').fails([2, 3], maybe, { confirmed: true }).isWrong([4, 5], 'x', 9);
    expect(spentBounds(operations)).toEqual({ least: 0, most: 2 });
  });

  it('leave open whether an attempt came before or after a recovery that ran beside it', () => {
    const { operations } = history().registers([0, 1], 'a').recovers([2, 9], 'a').isWrong([3, 8], 'x', 9);
    expect(spentBounds(operations)).toEqual({ least: 0, most: 1 });
  });

  it('take no registration over a deleted record for a reset', () => {
    const { operations } = history().registers([0, 1], 'a').isWrong([2, 3], 'x', 9).deletes([4, 5]).registers([6, 7], 'b', 3);
    expect(spentBounds(operations)).toEqual({ least: 0, most: 1 });
  });
});

describe('a counter', () => {
  const { operations } = history().registers([0, 1], 'a').isWrong([2, 3], 'x', 9).isWrong([4, 5], 'x', 8).fails([6, 7], wrong);

  it.each([8, 7])('of %i left is explained', (left) => {
    expect(unexplained(operations, 10, left)).toBeNull();
  });

  it.each([
    ['forgot an attempt', 9, /at least 2/],
    ['counts what nobody made', 6, /no more than 3/],
  ])('that %s is not', (_, left, why) => {
    expect(unexplained(operations, 10, left)).toMatch(why);
  });
});
