/**
 * What a guesser would call the same code: NFKC, lower case, without spaces and, where anything else is left, punctuation. For
 * comparing with lists only; the code itself is used as NFKC leaves it (PROTOCOL 2).
 */
export function canonicalCode(code: string): string {
  const folded = code.normalize('NFKC').toLowerCase().replace(/\s/gu, '');
  const bare = folded.replace(/[\p{P}\p{Sc}\p{Sk}\p{Sm}]/gu, '');
  return bare === '' ? folded : bare;
}
