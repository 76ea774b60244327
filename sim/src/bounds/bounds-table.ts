import { agreesDespite } from '@strongroom/protocol';
import type { BoundRow } from './bound-run.js';

/** Whether the fleet promises exactly N guesses with so many corrupt nodes. */
export function isExact(row: BoundRow): boolean {
  return agreesDespite(row, row.b);
}

/** Never above the bound, nothing else broken, and N reached where exactly N are promised. */
export function holds(row: BoundRow): boolean {
  return row.violation === null && row.reached <= row.bound && (!isExact(row) || row.reached === row.attempts);
}

export interface BoundsSummary {
  readonly tuples: number;
  readonly exact: number;
  /** Tuples in which the attack got as many guesses as the bound allows. */
  readonly reached: number;
  readonly broken: number;
}

export function summaryOf(rows: readonly BoundRow[]): BoundsSummary {
  return {
    tuples: rows.length,
    exact: rows.filter(isExact).length,
    reached: rows.filter(({ reached, bound }) => reached === bound).length,
    broken: rows.filter((row) => !holds(row)).length,
  };
}

/** A table as it stands in documents. */
export function boundsText(rows: readonly BoundRow[]): string {
  const lines = rows.map((row) => {
    const { n, t, q, attempts, b, bound, reached, violation } = row;
    const told = violation?.story ?? (isExact(row) ? 'exact' : reached === bound ? 'limit, reached' : 'limit');
    return `| ${[n, t, q, attempts, b, bound, reached, told].join(' | ')} |`;
  });
  return ['| n | t | q | N | b | bound | reached | |', '|---|---|---|---|---|---|---|---|', ...lines].join('\n');
}
