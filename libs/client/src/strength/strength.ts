import type { Weakness } from '../code/weak-code.js';

export interface Strength {
  /** 0 to 4, as zxcvbn counts: under 10^3, 10^6, 10^8 and 10^10 guesses, and more. 0 as well for what `protect` refuses. */
  readonly score: number;
  /** How many guesses somebody needs who knows how people choose, as estimated; at least 1. */
  readonly guesses: number;
  /** That all attempts at the vault together find the code: 0 to 1. */
  readonly chance: number;
  /** Why `protect` refuses the code, if it does. */
  readonly weakness: Weakness | undefined;
  /** Plain sentences for the person who chooses, the most urgent first; none where nothing is left to say. */
  readonly advice: readonly string[];
}

/** What the estimator found in a code. */
export interface Findings {
  readonly weakness: Weakness | undefined;
  /** Kinds of its parts, in zxcvbn's words, and the name of the list for a word. */
  readonly parts: readonly string[];
  readonly onlyDigits: boolean;
  readonly score: number;
}

const OF_WEAKNESS: Readonly<Record<Weakness, string>> = {
  short: 'Take at least six digits or characters.',
  pattern: 'Counting up, repeating and rows of the keyboard are tried first.',
  common: 'Many people choose this code, so it is tried first.',
};
const OF_PART: ReadonlyMap<string, string> = new Map([
  ['date', 'It looks like a date. Days of birth and years are tried early: take another number.'],
  ['regex', 'It looks like a year. Years are tried early: take another number.'],
  ['sequence', 'A part of it counts up or down. That adds next to nothing.'],
  ['repeat', 'A part of it repeats. That adds next to nothing.'],
  ['spatial', 'A part of it follows the keyboard. That adds next to nothing.'],
  ['userInputs', 'It contains what others know about you.'],
  ['dictionary', 'It is built on a word that is tried early. Add words that have nothing to do with each other.'],
]);
const STRONG = 3;

/** Sentences for a person, and nothing of the code in them. */
export function adviceOn({ weakness, parts, onlyDigits, score }: Findings): readonly string[] {
  if (weakness !== undefined) return [OF_WEAKNESS[weakness]];
  if (score >= STRONG) return [];
  const found = [...OF_PART].filter(([part]) => parts.includes(part)).map(([, sentence]) => sentence);
  const last = onlyDigits
    ? 'Digits are enough as long as the fleet counts the attempts. Four or more random words are enough even if nodes conspire.'
    : 'Four or more random words are easier to remember, and harder to guess.';
  return [...found, last];
}
