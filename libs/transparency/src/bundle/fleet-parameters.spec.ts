import { describe, expect, it } from '@jest/globals';
import { refuseParameters } from './fleet-parameters.js';

describe('fleet parameters', () => {
  const standard = { suite: 1, n: 5, t: 3, q: 3, attempts: 10, ksf: 'argon2id:65536:3:1' };

  it('follow PROTOCOL 1 for every n, t and q up to 12', () => {
    for (let n = 2; n <= 12; n++) {
      for (let t = 2; t <= 13; t++) {
        for (let q = 2; q <= 13; q++) {
          const allowed = q > n / 2 && q >= t && t > n / 2 && n - q >= 1;
          expect(refuseParameters({ ...standard, n, t, q }) === undefined).toBe(allowed);
        }
      }
    }
  });

  it.each([
    [{ suite: 0 }, false],
    [{ attempts: 0 }, false],
    [{ attempts: 101 }, false],
    [{ n: 5.5 }, false],
    [{ q: Number.NaN }, false],
    [{ ksf: 'none' }, true],
    [{ ksf: 'argon2id:8:1:1' }, true],
    [{ ksf: 'argon2id:7:1:1' }, false],
    [{ ksf: 'argon2id:65536:0:1' }, false],
    [{ ksf: 'argon2id:065536:3:1' }, false],
    [{ ksf: 'argon2id:65536:3' }, false],
    [{ ksf: 'scrypt:1:1:1' }, false],
    [{ n: 7, t: 4, q: 5 }, true],
  ])('judge %j as %j', (changes, allowed) => {
    expect(refuseParameters({ ...standard, ...changes }) === undefined).toBe(allowed);
  });

  it.each([
    [{ n: 2, t: 2, q: 2 }, /^n - q >= 1 .*n=2.* take n from 3$/],
    [{ q: 2, t: 2 }, /^q > n\/2 .*n=5, q=2.* take q from 3 to 4$/],
    [{ n: 7, t: 3, q: 5 }, /^t > n\/2 .*n=7, t=3.* take t from 4 to 6$/],
    [{ t: 5, q: 4 }, /^n - q >= 1 .*n=5, t=5.* take t from 3 to 4$/],
    [{ t: 4 }, /^q >= t .*t=4, q=3.* take q 4$/],
    [{ q: 5 }, /^n - q >= 1 .*n=5, q=5.* take q from 3 to 4, or n from 6$/],
    [{ n: 33 }, /^n=33 .*2 to 32$/],
    [{ attempts: 101 }, /^attempts=101 .*1 to 100$/],
    [{ ksf: 'argon2id:15:1:2' }, /15 KiB .* take at least 16$/],
  ])('name the rule that %j breaks and what would keep it', (changes, said) => {
    expect(refuseParameters({ ...standard, ...changes })).toMatch(said);
  });

  it('are kept by what a refusal advises', () => {
    for (let n = 3; n <= 12; n++) {
      for (let t = 2; t <= 12; t++) {
        for (let q = 2; q <= 12; q++) expect(refuseParameters(followed({ ...standard, n, t, q }))).toBeUndefined();
      }
    }
  });

  /** The parameters after every advice was taken, one refusal after the other. */
  function followed(parameters: typeof standard, steps = 4): typeof standard {
    const [, name = '', value = ''] = / take ([tq]) (?:from )?(\d+)/.exec(refuseParameters(parameters) ?? '') ?? [];
    return name === '' || steps === 0 ? parameters : followed({ ...parameters, [name]: Number(value) }, steps - 1);
  }
});
