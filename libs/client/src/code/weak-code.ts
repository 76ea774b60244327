import { CODE_MIN_CHARACTERS, VaultError } from '@strongroom/protocol';
import { canonicalCode } from './canonical-code.js';
import { COMMON_CODES } from './common-codes.generated.js';

/** Why a code is refused: too few characters, a plain pattern, or one of those that many people choose. */
export type Weakness = 'short' | 'pattern' | 'common';

const FEWEST_CHARACTERS = 6;
const SHORTEST_RUN = 4;
const REASONS: Readonly<Record<Weakness, string>> = {
  short: 'has fewer than 6 characters',
  pattern: 'counts, repeats itself or follows the keyboard',
  common: 'is one of those that many people choose',
};
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'abcdefghijklmnopqrstuvwxyz', '147258369'];
const RUNS = ROWS.flatMap((row) => [row, reversed(row)]);

/**
 * Whether a new code is among those that an attacker tries in the first attempts of many accounts. Undefined is no promise of
 * strength: `@strongroom/client/strength` estimates that.
 */
export function weaknessOf(code: string): Weakness | undefined {
  if (Array.from(code.normalize('NFKC')).length < FEWEST_CHARACTERS) return 'short';
  const canonical = canonicalCode(code);
  if (isPattern(canonical)) return 'pattern';
  return COMMON_CODES.split(/\s/).includes(canonical) ? 'common' : undefined;
}

/** @throws CODE_WEAK with `weakness`; never repeats the code. What PROTOCOL 2 does not take as a code is left to it. */
export function refuseWeakCode(code: string): void {
  if (Array.from(code.normalize('NFKC')).length < CODE_MIN_CHARACTERS) return;
  const weakness = weaknessOf(code);
  if (weakness !== undefined) throw new VaultError('CODE_WEAK', `the recovery code ${REASONS[weakness]}`, { weakness });
}

function isPattern(canonical: string): boolean {
  if (canonical === '' || /^(.{1,4})\1+$/su.test(canonical)) return true;
  // Of two or three characters between punctuation nobody would say that they count.
  return canonical.length >= SHORTEST_RUN && (hasOneStep(canonical) || RUNS.some((run) => run.includes(canonical)));
}

/** Digits that all differ from the one before by the same, as 123456, 987654 or 135791. */
function hasOneStep(canonical: string): boolean {
  if (!/^\d+$/.test(canonical)) return false;
  const digits = Array.from(canonical, Number);
  const steps = digits.slice(1).map((digit, i) => (digit - (digits[i] ?? 0) + 10) % 10);
  return steps.every((step) => step === steps[0]);
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}
