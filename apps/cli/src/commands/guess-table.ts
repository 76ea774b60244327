import { exactUpTo, guessBound, type GuessParameters } from '@strongroom/protocol';

export interface GuessRow {
  /** Nodes that are corrupt, cloned, or rolled back and not yet rejoined. */
  readonly b: number;
  /** Guesses between two confirmations at most; `null` where there is no limit. */
  readonly guesses: number | null;
}

/** PROTOCOL I1 for b = 0 to n. */
export function guessRows(parameters: GuessParameters): readonly GuessRow[] {
  return Array.from({ length: parameters.n + 1 }, (_, b) => ({ b, guesses: guessBound(parameters, b) }));
}

/** The same for people; rows from the first without a limit on are one. */
export function guessLines(parameters: GuessParameters): readonly string[] {
  const rows = guessRows(parameters);
  const limited = rows.filter(({ guesses }) => guesses !== null);
  const exact = exactUpTo(parameters);
  return [
    `guesses at most between two right codes, with b of ${parameters.n} nodes corrupt (exact up to b = ${exact}):`,
    ...limited.map(({ b, guesses }) => `  b = ${b}   ${guesses}`),
    `  b = ${limited.length}${limited.length < parameters.n ? ' and more' : ''}   no limit`,
  ];
}
