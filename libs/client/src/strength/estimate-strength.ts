import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { weaknessOf } from '../code/weak-code.js';
import { adviceOn, type Strength } from './strength.js';

export interface StrengthOptions {
  /** What others know about the person, as name, address or day of birth: guessed first. */
  readonly known?: readonly string[];
  /** Attempts that the fleet allows; 10 unless told. */
  readonly attempts?: number;
}

/** Made at the first call: it sorts 50,000 words, which takes some ten milliseconds. */
let estimator: ZxcvbnFactory | undefined;

/**
 * How hard a recovery code is to guess, by zxcvbn with common passwords, words and keyboards, and what would make it better.
 * Runs where it is called and tells nobody. Of a code with over 256 characters the first 256 count.
 * @param code as a person typed it
 * @param options what a guesser knows, and how often the vault lets guess
 */
export function estimateStrength(code: string, { known = [], attempts = 10 }: StrengthOptions = {}): Strength {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  const normalized = code.normalize('NFKC');
  const { score: estimated, guesses, sequence } = estimator.check(normalized, [...known]);
  const weakness = weaknessOf(code);
  const score = weakness === undefined ? estimated : 0;
  const parts = sequence.map(({ pattern, dictionaryName }) => (dictionaryName === 'userInputs' ? 'userInputs' : pattern));
  return {
    score,
    guesses,
    chance: Math.min(1, attempts / guesses),
    weakness,
    advice: adviceOn({ weakness, parts, score, onlyDigits: /^\d[\d\s\p{P}]*$/u.test(normalized) }),
  };
}
