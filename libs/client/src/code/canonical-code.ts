/**
 * What a guesser would call the same code: NFKC, lower case, without spaces and punctuation. For comparing with lists only;
 * the code itself is used as NFKC leaves it (PROTOCOL 2).
 */
export function canonicalCode(code: string): string {
  return code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '');
}
