import { refuseParameters, SUITE_1 } from '@strongroom/transparency';

export interface ParameterSet {
  readonly n: number;
  readonly t: number;
  readonly q: number;
}

/** Every n, t, q that the validator of fleets lets pass, n up to `most` (PROTOCOL 1). */
export function parameterSets(most: number): readonly ParameterSet[] {
  const numbers = Array.from({ length: most }, (_, i) => i + 1);
  const all = numbers.flatMap((n) => numbers.flatMap((q) => numbers.map((t) => ({ n, t, q }))));
  return all.filter((set) => refuseParameters({ ...set, attempts: 1, suite: SUITE_1, ksf: 'none' }) === undefined);
}
