import { readFileSync } from 'node:fs';

/** For specs only, not exported: the language-neutral vectors of `test-vectors/`, e.g. `valid/oprf.json`. T is what that file holds. */
export function readVectors<T>(path: string): T {
  const parsed: T = JSON.parse(readFileSync(new URL(`../../../../test-vectors/${path}`, import.meta.url), 'utf8'));
  return parsed;
}
