import type { FleetRequest } from '../operator/operator-client.js';

export type FleetParameters = FleetRequest['parameters'];

/** RFC 9106's second recommended choice: 64 MiB, three passes. */
const KSF = 'argon2id:65536:3:1';

/** The profiles of PROTOCOL 1. */
export const PROFILES = {
  standard: { n: 5, t: 3, q: 3, attempts: 10, suite: 1, ksf: KSF },
  hardened: { n: 7, t: 4, q: 5, attempts: 10, suite: 1, ksf: KSF },
} as const satisfies Readonly<Record<string, FleetParameters>>;

export type Profile = keyof typeof PROFILES;
