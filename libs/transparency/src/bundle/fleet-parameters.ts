import type { FleetParameters } from './bundle.js';

/** The one suite of PROTOCOL 2: ristretto255 with SHA-512, Argon2id. */
export const SUITE_1 = 1;

const ARGON2ID = /^argon2id:([1-9]\d{0,6}):([1-9]\d{0,2}):([1-9]\d{0,2})$/;

/**
 * Why a fleet may not have these parameters, or `undefined` when it may. PROTOCOL 1: votes of two quorums overlap
 * (q > n/2), whoever holds the shares can also vote (q >= t), no two disjoint groups recover (t > n/2),
 * and one node may be down (n - q >= 1).
 */
export function refuseParameters({ suite, n, t, q, attempts, ksf }: FleetParameters): string | undefined {
  if (suite !== SUITE_1) return 'the suite is unknown';
  if (!isWithin(n, 2, 32) || !isWithin(t, 2, 32) || !isWithin(q, 2, 32)) return 'n, t and q must be 2 to 32';
  if (!isWithin(attempts, 1, 100)) return 'attempts must be 1 to 100';
  if (2 * q <= n) return 'q must be above n/2';
  if (q < t) return 'q must be at least t';
  if (2 * t <= n) return 't must be above n/2';
  if (n - q < 1) return 'n - q must be at least 1';
  return refuseStretching(ksf);
}

/** RFC 9106 3.1: at least 8 KiB of memory for each lane. */
function refuseStretching(ksf: string): string | undefined {
  if (ksf === 'none') return undefined;
  const cost = ARGON2ID.exec(ksf);
  if (!cost) return 'the key stretching is unknown';
  return Number(cost[1]) < 8 * Number(cost[3]) ? 'the key stretching has too little memory' : undefined;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
