import { mock } from 'node:test';

/**
 * What specs import from `@jest/globals`, where they run without jest: its own describe, it and expect, and of `jest`
 * the fake timers, which alone the specs that find planted bugs use.
 */
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from 'jest-circus';
export { expect } from 'expect';

let held = false;

export const jest = {
  useFakeTimers(): void {
    realTimers();
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    held = true;
  },
  advanceTimersByTime(ms: number): void {
    mock.timers.tick(ms);
  },
  clearAllTimers(): void {
    if (held) jest.useFakeTimers();
  },
} as const;

/** After every spec: the next one begins with time as it is. */
export function realTimers(): void {
  if (held) mock.timers.reset();
  held = false;
}
