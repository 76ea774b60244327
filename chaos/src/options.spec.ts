import { describe, expect, it } from '@jest/globals';
import { OptionError, readOptions } from './options.js';

describe('the options of chaos', () => {
  it('have defaults', () => {
    expect(readOptions([])).toEqual({ durationMs: 180_000, seed: undefined, json: false, keep: false, help: false });
  });

  it('are read', () => {
    expect(readOptions(['--seconds', '20', '--seed', '7', '--json'])).toMatchObject({ durationMs: 20_000, seed: 7, json: true });
    expect(readOptions(['--minutes', '0.5'])).toMatchObject({ durationMs: 30_000 });
  });

  it.each([
    ['an unknown option', ['--hours', '3']],
    ['something besides', ['now']],
    ['words for a number', ['--minutes', 'three']],
    ['no time at all', ['--seconds', '0']],
    ['two lengths', ['--seconds', '3', '--minutes', '1']],
    ['a seed that is no whole number', ['--seed', '1.5']],
    ['an empty seed', ['--seed', '']],
  ])('refuse %s', (_, args) => {
    expect(() => readOptions(args)).toThrow(OptionError);
  });
});
