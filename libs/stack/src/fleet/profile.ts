import { invalid } from '@strongroom/protocol';
import { refuseParameters } from '@strongroom/transparency';
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

/** Parameters without their suite and key stretching: what tells one fleet from another for people. */
export function describeParameters({ n, t, q, attempts }: FleetParameters): string {
  return `n=${n} t=${t} q=${q} attempts=${attempts}`;
}

/** Before anything is started for a fleet that nobody would take. @throws REQUEST_INVALID naming the rule that they break */
export function requireParameters(parameters: FleetParameters): void {
  const refused = refuseParameters(parameters);
  if (refused !== undefined) throw invalid('parameters', refused);
}

export function sameParameters(a: FleetParameters, b: FleetParameters): boolean {
  return describeParameters(a) === describeParameters(b) && a.suite === b.suite && a.ksf === b.ksf;
}
