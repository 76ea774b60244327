import { describe, expect, it } from '@jest/globals';
import { HedgeBudget } from './hedge-budget.js';

const spendAll = (budget: HedgeBudget): number => {
  let spent = 0;
  while (budget.spend()) spent++;
  return spent;
};

describe('the hedge budget', () => {
  it('begins with its whole reserve, so that an idle gateway hedges whenever it has to', () => {
    expect(spendAll(new HedgeBudget(0.5, 20))).toBe(20);
  });

  it('lets a fleet that is slow throughout be hedged for a part of the attempts only', () => {
    const budget = new HedgeBudget(0.5, 20);
    spendAll(budget);
    let hedges = 0;
    for (let attempt = 0; attempt < 100; attempt++) {
      budget.earn();
      hedges += spendAll(budget);
    }
    expect(hedges).toBe(50);
  });

  it('saves up no more than its reserve', () => {
    const budget = new HedgeBudget(0.5, 20);
    for (let attempt = 0; attempt < 1000; attempt++) budget.earn();
    expect(spendAll(budget)).toBe(20);
  });
});
