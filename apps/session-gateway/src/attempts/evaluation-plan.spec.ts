import { describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import type { Decided, Evaluation } from '../fleet/decided.js';
import { EvaluationPlan, type EvaluationRequest } from './evaluation-plan.js';

const away = new VaultError('FLEET_UNAVAILABLE', '');
const locked = new VaultError('RECORD_LOCKED', '');

function decision(index = 1, value = 7): Decided {
  return { index, value: Uint8Array.of(value), votes: [] };
}

function evaluation(node: number, decided = decision(), record = 1): Evaluation {
  return { node, decided, evaluation: new Uint8Array(96), record: Uint8Array.of(record), signature: new Uint8Array(64) };
}

const nodesOf = (requests: readonly EvaluationRequest[]): number[] => requests.map(({ node }) => node);

describe('evaluations of an attempt', () => {
  it('are asked of t nodes and complete with t answers', () => {
    const plan = new EvaluationPlan([3, 1, 5, 2, 4], 3);
    expect(nodesOf(plan.start())).toEqual([3, 1, 5]);
    plan.answered(3, evaluation(3));
    plan.answered(1, evaluation(1));
    expect(plan.complete).toBeUndefined();
    plan.answered(5, evaluation(5));
    expect(plan.complete?.map(({ node }) => node)).toEqual([3, 1, 5]);
  });

  it('bring in as many nodes as are late', () => {
    const plan = new EvaluationPlan([3, 1, 5, 2, 4], 3);
    plan.start();
    plan.answered(3, evaluation(3));
    plan.answered(1, evaluation(1));
    expect(nodesOf(plan.hedge())).toEqual([2]);
    expect(nodesOf(plan.hedge())).toEqual([4]);
  });

  it('count a late answer all the same', () => {
    const plan = new EvaluationPlan([1, 2, 3, 4], 2);
    plan.start();
    plan.hedge();
    plan.answered(1, evaluation(1));
    plan.answered(2, evaluation(2));
    expect(plan.complete).toHaveLength(2);
  });

  it('replace a failed node at once', () => {
    const plan = new EvaluationPlan([3, 1, 5, 2], 3);
    plan.start();
    expect(nodesOf(plan.failed(1, away))).toEqual([2]);
  });

  it.each([
    ['index', evaluation(2, decision(2))],
    ['value', evaluation(2, decision(1, 8))],
    ['record', evaluation(2, decision(), 9)],
  ])('never complete with a node that differs in its %s, and replace it', (_what, odd) => {
    const plan = new EvaluationPlan([1, 2, 3], 2);
    plan.start();
    plan.answered(1, evaluation(1));
    expect(nodesOf(plan.answered(2, odd))).toEqual([3]);
    expect(plan.complete).toBeUndefined();
    plan.answered(3, evaluation(3));
    expect(plan.complete?.map(({ node }) => node)).toEqual([1, 3]);
  });

  it('take one answer of a node, under its own name', () => {
    const plan = new EvaluationPlan([1, 2, 3], 2);
    plan.start();
    plan.answered(1, evaluation(1));
    plan.answered(1, evaluation(1));
    expect(plan.complete).toBeUndefined();
    expect(nodesOf(plan.answered(2, evaluation(3)))).toEqual([3]);
    expect(plan.complete).toBeUndefined();
  });

  it('take no answer of a node that was not asked', () => {
    const plan = new EvaluationPlan([1, 2, 3], 1);
    plan.start();
    plan.answered(3, evaluation(3));
    expect(plan.complete).toBeUndefined();
  });

  it('ask a node that missed the votes again, with the decision, once', () => {
    const plan = new EvaluationPlan([1, 2], 2);
    plan.start();
    expect(plan.failed(2, away)).toEqual([]);
    const decided = decision();
    expect(plan.decided(decided)).toEqual([{ node: 2, decided }]);
    expect(plan.failed(2, away)).toEqual([]);
    expect(plan.exhausted).toBe(false);
  });

  it('give a node the decision of another when the first was false', () => {
    const plan = new EvaluationPlan([1, 2], 2);
    plan.start();
    plan.failed(2, away);
    plan.decided(decision(9, 9));
    expect(plan.failed(2, new VaultError('REQUEST_INVALID', ''))).toEqual([]);
    expect(plan.answered(1, evaluation(1))).toEqual([{ node: 2, decided: decision() }]);
    expect(plan.refusal).toBeUndefined();
  });

  it('never make a false decision look like a bad request of the client', () => {
    const plan = new EvaluationPlan([1, 2, 3], 3);
    plan.start();
    for (const node of [1, 2, 3]) plan.failed(node, new VaultError('REQUEST_INVALID', ''));
    expect(plan.refusal).toBeUndefined();
  });

  it('ask a late node again when no other is left', () => {
    const plan = new EvaluationPlan([1, 2], 2);
    plan.start();
    plan.answered(1, evaluation(1));
    expect(plan.hedge()).toEqual([{ node: 2, decided: decision() }]);
    expect(plan.failed(2, away)).toEqual([]);
    expect(plan.exhausted).toBe(false);
    plan.answered(2, evaluation(2));
    expect(plan.complete).toHaveLength(2);
  });

  it('are exhausted when every node has failed and nothing new is known', () => {
    const plan = new EvaluationPlan([1, 2, 3], 3);
    plan.start();
    for (const node of [1, 2, 3]) plan.failed(node, locked);
    expect(plan.exhausted).toBe(true);
    expect(plan.refusal).toMatchObject({ code: 'RECORD_LOCKED' });
    expect(plan.decided(decision())).toHaveLength(3);
    expect(plan.exhausted).toBe(false);
  });
});
