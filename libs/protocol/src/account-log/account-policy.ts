/** The fixed rules that turn a log into a state and a proposal into a verdict. Equal at every node of a fleet. */
export interface AccountPolicy {
  /** N: attempts allowed between two confirmations. */
  readonly attempts: number;
  /** How long a change without the owner's signature stays pending, and how rarely a fresh budget is given (PROTOCOL 5.3). */
  readonly coolDownMs: number;
  /** Growing delay: wait before the attempt after the 3rd, 4th, .. failure in a row; the last one repeats; empty means off (PROTOCOL 6.9). */
  readonly delaysMs: readonly number[];
  /** How far a proposer's clock may be from the voter's on a free choice. */
  readonly maxSkewMs: number;
}

const MINUTE_MS = 60_000;

/** PROTOCOL 5.3 and 6.9. */
export const DEFAULT_DELAYS_MS: readonly number[] = [1, 5, 15, 60, 240].map((minutes) => minutes * MINUTE_MS);
export const DEFAULT_COOL_DOWN_MS: number = 24 * 60 * MINUTE_MS;
export const DEFAULT_MAX_SKEW_MS: number = 2 * MINUTE_MS;
/** Failures in a row before the delay sets in. */
export const FREE_FAILURES = 3;
