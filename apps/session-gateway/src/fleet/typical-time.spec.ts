import { describe, expect, it } from '@jest/globals';
import { TypicalTime } from './typical-time.js';

const after = (...times: readonly number[]): number => {
  const typical = new TypicalTime();
  for (const ms of times) typical.observe(ms);
  return typical.ms;
};
const repeated = (ms: number, times: number): readonly number[] => Array.from({ length: times }, () => ms);

describe('the typical time', () => {
  it('is nothing before the first answer, then the lower median', () => {
    expect(after()).toBe(0);
    expect(after(8)).toBe(8);
    expect(after(30, 10, 20)).toBe(20);
    expect(after(40, 30, 20, 10)).toBe(20);
  });

  it('is not moved by a slow minority', () => {
    expect(after(...Array.from({ length: 100 }, (_, i) => (i % 5 < 2 ? 900 : 10)))).toBe(10);
  });

  it('follows a fleet that becomes slow, and one that recovers', () => {
    expect(after(...repeated(10, 100), ...repeated(400, 20))).toBe(400);
    expect(after(...repeated(400, 100), ...repeated(10, 20))).toBe(10);
  });
});
