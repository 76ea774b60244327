import type { Bytes } from './bytes.js';

/** Randomness as an argument, so that every run replays from its seed. Production passes the platform's CSPRNG. */
export interface RandomSource {
  bytes(length: number): Bytes;
}
