import type { FleetParameters } from './bundle.js';

/** The one suite of PROTOCOL 2: ristretto255 with SHA-512, Argon2id. */
export const SUITE_1 = 1;

const MAX_NODES = 32;
const MAX_ATTEMPTS = 100;
const ARGON2ID = /^argon2id:([1-9]\d{0,6}):([1-9]\d{0,2}):([1-9]\d{0,2})$/;

/**
 * The one place that judges a fleet's parameters, wherever one is formed, announced or read (PROTOCOL 1).
 * @returns the broken rule, why it is one and what would keep it, for people; `undefined` when every rule holds
 */
export function refuseParameters(parameters: FleetParameters): string | undefined {
  const { suite, attempts, ksf } = parameters;
  if (suite !== SUITE_1) return `suite ${suite} is unknown: take ${SUITE_1}`;
  for (const name of ['n', 't', 'q'] as const) {
    if (!isWithin(parameters[name], 2, MAX_NODES)) return `${name}=${parameters[name]} is not a whole number from 2 to ${MAX_NODES}`;
  }
  if (!isWithin(attempts, 1, MAX_ATTEMPTS)) return `attempts=${attempts} is not a whole number from 1 to ${MAX_ATTEMPTS}`;
  return refuseThresholds(parameters) ?? refuseStretching(ksf);
}

function refuseThresholds({ n, t, q }: FleetParameters): string | undefined {
  const majority = Math.floor(n / 2) + 1;
  if (majority > n - 1) return `n - q >= 1 cannot hold with n=${n}, since q > n/2 has to as well: take n from 3`;
  if (2 * q <= n)
    return `q > n/2 does not hold with n=${n}, q=${q}, so two sets of votes could share no node: take q ${span(majority, n - 1)}`;
  if (2 * t <= n)
    return `t > n/2 does not hold with n=${n}, t=${t}, so two halves could each open a record: take t ${span(majority, n - 1)}`;
  if (t > n - 1) return `n - q >= 1 cannot hold with n=${n}, t=${t}, since q >= t has to as well: take t ${span(majority, n - 1)}`;
  if (q < t) return `q >= t does not hold with t=${t}, q=${q}, so shares would answer where votes are missing: take q ${span(t, n - 1)}`;
  if (n - q < 1)
    return `n - q >= 1 does not hold with n=${n}, q=${q}, so no node could be down: take q ${span(t, n - 1)}, or n from ${q + 1}`;
  return undefined;
}

/** RFC 9106 3.1: at least 8 KiB of memory for each lane. */
function refuseStretching(ksf: string): string | undefined {
  if (ksf === 'none') return undefined;
  const cost = ARGON2ID.exec(ksf);
  if (!cost) return 'the key stretching is unknown: take argon2id:<KiB>:<passes>:<lanes>';
  const [, memory, , lanes] = cost.map(Number);
  if (memory === undefined || lanes === undefined || memory >= 8 * lanes) return undefined;
  return `the key stretching has ${memory} KiB of memory for ${lanes} lanes: take at least ${8 * lanes}`;
}

function span(from: number, to: number): string {
  return from === to ? `${from}` : `from ${from} to ${to}`;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
