import { describe, expect, it } from '@jest/globals';
import { OptionError, readOptions } from './options.js';

describe('the options of the simulator', () => {
  it('run a hundred seeds by default, and search for planted bugs with --json', () => {
    expect(readOptions([])).toMatchObject({ from: 1, seeds: 100, planted: false, single: false });
    expect(readOptions(['--seeds', '7', '--from', '50', '--json'])).toMatchObject({ from: 50, seeds: 7, planted: true });
    expect(readOptions(['--json', '--no-planted'])).toMatchObject({ planted: false });
    expect(readOptions(['--bounds'])).toMatchObject({ bounds: true, attempts: 10 });
    expect(readOptions(['--bounds', '--attempts', '3'])).toMatchObject({ attempts: 3 });
    expect([readOptions([]).antiEntropy, readOptions(['--anti-entropy']).antiEntropy]).toEqual([false, true]);
    expect(readOptions(['--seed', '17', '--trace'])).toMatchObject({ from: 17, seeds: 1, single: true, trace: true });
  });

  it.each([['--seeds', '0'], ['--seed', 'x'], ['--trace'], ['--what'], ['--attempts', '3'], ['--bounds', '--attempts', '101']])(
    'refuse %s %s',
    (...args) => {
      expect(() => readOptions(args)).toThrow(OptionError);
    },
  );
});
