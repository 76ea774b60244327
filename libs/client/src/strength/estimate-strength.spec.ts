import { describe, expect, it } from '@jest/globals';
import { estimateStrength } from './estimate-strength.js';

describe('the strength of a code', () => {
  it('grows from what is refused over digits to a phrase', () => {
    const codes = ['trustno1', '270843', '4711 0815', 'seven quiet otters'];
    const scores = codes.map((code) => estimateStrength(code).score);
    expect(scores).toEqual([0, 1, 3, 4]);
    const guesses = codes.map((code) => estimateStrength(code).guesses);
    expect([...guesses].sort((a, b) => a - b)).toEqual(guesses);
  });

  it('is the chance that all attempts together find it', () => {
    const { chance, guesses } = estimateStrength('815308', { attempts: 7 });
    expect(chance).toBeCloseTo(7 / guesses, 9);
    expect(estimateStrength('12').chance).toBe(1);
  });

  it('comes with advice that fits, and with none for a strong one', () => {
    expect(estimateStrength('27.08.1943').advice.join()).toMatch(/date/);
    expect(estimateStrength('dragonfly').advice.join()).toMatch(/random words/);
    expect(estimateStrength('111111')).toMatchObject({ weakness: 'pattern', advice: [expect.stringMatching(/tried first/)] });
    expect(estimateStrength('seven quiet otters').advice).toEqual([]);
  });

  it('knows what others know', () => {
    const phrase = 'ada lovelace';
    const known = estimateStrength(phrase, { known: [phrase] });
    expect(known.guesses).toBeLessThan(estimateStrength(phrase).guesses);
    expect(known.advice[0]).toMatch(/others know/);
  });

  it('does not repeat the code in its advice', () => {
    for (const code of ['dragonfly', '270843', 'qwertz123']) expect(estimateStrength(code).advice.join()).not.toContain(code);
  });
});
