import type { RandomSource } from '@strongroom/protocol';

/** The platform's CSPRNG (Web Crypto `getRandomValues`), in a browser and in Node. At most 65,536 bytes a call. */
export const systemRandom: RandomSource = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
