import type { FleetRoster } from './fleet-roster.js';

/** The public parameters that the bound rests on (PROTOCOL 1). */
export type GuessParameters = Pick<FleetRoster, 'n' | 't' | 'q' | 'attempts'>;

/**
 * Whether nodes agree on each index although b of them are corrupt, cloned or rolled back. An honest reporter of a decided
 * value must be in every set of promises (2q - n > b), and against a proposer that signs two values at one ballot, and so
 * is left out of the set, those reporters must be more than all others in it (3q > 2n + 2b - 2).
 */
export function agreesDespite({ n, q }: Pick<GuessParameters, 'n' | 'q'>, b: number): boolean {
  const overlaps = 2 * q - n > b;
  return b === 0 ? overlaps : overlaps && 3 * q > 2 * n + 2 * b - 2;
}

/** The largest b for which the N attempts are exact; 0 for a fleet that only crashes are planned for. */
export function exactUpTo(parameters: GuessParameters): number {
  let b = 0;
  while (b + 1 < parameters.t && agreesDespite(parameters, b + 1)) b += 1;
  return b;
}

/**
 * At most so many distinct attempts of an account are ever evaluated between two confirmations (PROTOCOL I1), for
 * somebody who has the account's token and key and controls the gateway, the bus and b nodes.
 *
 * While nodes agree it is N. When they may not, every guess still needs t - b honest evaluations, and each of the n - b
 * honest nodes makes N of them, counted by its own log. For n up to 7 an attack on real nodes gets exactly as many
 * (`npm run sim -- --bounds`). From b = t on the shares of the corrupt nodes open the record without anybody.
 * @param b whole number from 0 to n
 * @returns null when there is no limit
 */
export function guessBound(parameters: GuessParameters, b: number): number | null {
  const { n, t, attempts } = parameters;
  if (b >= t) return null;
  if (agreesDespite(parameters, b)) return attempts;
  return Math.floor((attempts * (n - b)) / (t - b));
}
