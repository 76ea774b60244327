import { describe, expect, it } from '@jest/globals';
import { newestOfEach } from './newest-of-each.js';

const head = (node: number, incarnation: number) => ({
  fleetId: 'eu-1',
  epoch: 1,
  node,
  incarnations: [1, 1, 1].map((other, i) => (i === node - 1 ? incarnation : other)),
});

describe('one answer of each node', () => {
  it('is that of its newest incarnation, in whatever order a gateway shows them', () => {
    const [old, fresh, other] = [head(1, 1), head(1, 2), head(2, 1)];
    expect(newestOfEach([old, other, fresh], (one) => one)).toEqual([fresh, other]);
    expect(newestOfEach([fresh, other, old], (one) => one)).toEqual([fresh, other]);
  });

  it('is none of what could not be read', () => {
    expect(newestOfEach([undefined, head(3, 1), undefined], (one) => one)).toEqual([head(3, 1)]);
  });
});
