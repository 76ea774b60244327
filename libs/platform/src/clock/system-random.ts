import { randomFillSync } from 'node:crypto';
import type { Bytes, RandomSource } from '@strongroom/protocol';

/** The operating system's CSPRNG. */
export class SystemRandom implements RandomSource {
  bytes(length: number): Bytes {
    return randomFillSync(new Uint8Array(length));
  }
}
