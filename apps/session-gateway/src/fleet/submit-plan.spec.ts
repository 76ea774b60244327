import { describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import { SubmitPlan } from './submit-plan.js';

const locked = new VaultError('RECORD_LOCKED', '');
const away = new VaultError('FLEET_UNAVAILABLE', '');

describe('a submission', () => {
  it('starts with the best-ranked live node alone', () => {
    expect(new SubmitPlan([4, 2, 1]).start()).toBe(4);
  });

  it('asks one more node for each hedge and then nobody', () => {
    const plan = new SubmitPlan([4, 2]);
    expect([plan.start(), plan.hedge(), plan.hedge()]).toEqual([4, 2, undefined]);
    expect(plan.refusal).toBeUndefined();
  });

  it('does not end with the word of one node that it is decided', () => {
    const plan = new SubmitPlan([4, 2, 1]);
    plan.start();
    plan.answered();
    expect(plan.hedge()).toBe(2);
    expect(plan.failed(2, locked)).toBe(1);
    plan.failed(1, locked);
    expect(plan.refusal).toMatchObject({ code: 'RECORD_LOCKED' });
  });

  it('is not refused by a lone node when another reports the decision', () => {
    const plan = new SubmitPlan([4, 2]);
    plan.start();
    plan.answered();
    plan.hedge();
    expect(plan.failed(2, locked)).toBeUndefined();
    expect(plan.exhausted).toBe(true);
    expect(plan.refusal).toBeUndefined();
  });

  it('does not believe the refusal of one node', () => {
    const plan = new SubmitPlan([4, 2, 1]);
    plan.start();
    expect(plan.failed(4, locked)).toBe(2);
    expect(plan.refusal).toBeUndefined();
  });

  it('believes a refusal that a second node repeats', () => {
    const plan = new SubmitPlan([4, 2, 1]);
    plan.start();
    plan.failed(4, locked);
    expect(plan.failed(2, locked)).toBeUndefined();
    expect(plan.refusal).toMatchObject({ code: 'RECORD_LOCKED' });
  });

  it('goes to the next node at once when one cannot be reached, and ends when all are tried', () => {
    const plan = new SubmitPlan([4, 2]);
    plan.start();
    expect(plan.failed(4, away)).toBe(2);
    expect(plan.failed(2, away)).toBeUndefined();
    expect(plan.refusal).toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('passes on a lone refusal when no live node accepted', () => {
    const plan = new SubmitPlan([4, 2]);
    plan.start();
    plan.failed(4, locked);
    plan.failed(2, away);
    expect(plan.refusal).toMatchObject({ code: 'RECORD_LOCKED' });
  });

  it('waits for a node that is still at work', () => {
    const plan = new SubmitPlan([4, 2]);
    plan.start();
    plan.hedge();
    plan.failed(4, away);
    expect(plan.refusal).toBeUndefined();
  });
});
