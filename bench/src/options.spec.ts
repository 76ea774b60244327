import { describe, expect, it } from '@jest/globals';
import { benchParameters } from './fleet/bench-parameters.js';
import { OptionError, readOptions } from './options.js';

describe('the options of the bench', () => {
  it('have defaults for every mode', () => {
    expect(readOptions(['log'])).toMatchObject({ mode: 'log', appends: 20_000, concurrency: 256 });
    expect(readOptions([])).toMatchObject({
      mode: 'load',
      profile: 'standard',
      nodes: 5,
      accounts: 300,
      concurrency: 32,
      seconds: 10,
      warmup: 3,
    });
    expect(readOptions(['idle', '--profile', 'hardened'])).toMatchObject({ mode: 'idle', nodes: 7, concurrency: 1, recoveries: 300 });
  });

  it.each([
    ['an unknown mode', ['fast']],
    ['an unknown option', ['--speed', '3']],
    ['an unknown profile', ['--profile', 'soft']],
    ['words for a number', ['--seconds', 'ten']],
    ['a number out of range', ['--nodes', '2']],
    ['more persons than accounts', ['--accounts', '5', '--concurrency', '6']],
  ])('refuse %s', (_, args) => {
    expect(() => readOptions(args)).toThrow(OptionError);
  });
});

describe('the parameters of the fleet', () => {
  it('are those of the profiles', () => {
    expect(benchParameters('standard', 5)).toMatchObject({ n: 5, t: 3, q: 3, ksf: 'none' });
    expect(benchParameters('hardened', 7)).toMatchObject({ n: 7, t: 4, q: 5, ksf: 'none' });
  });

  it('leave room for a node that fails', () => {
    expect(benchParameters('standard', 3)).toMatchObject({ t: 2, q: 2 });
    expect(() => benchParameters('hardened', 4)).toThrow(OptionError);
  });
});
