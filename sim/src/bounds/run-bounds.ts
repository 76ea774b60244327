import { runBound, type BoundRow } from './bound-run.js';
import { boundsText, holds, summaryOf } from './bounds-table.js';
import { parameterSets } from './parameter-sets.js';

/** The fleets for which the bound is confirmed (PROTOCOL 8). */
export const MOST_NODES = 7;

export interface BoundsOptions {
  /** N. */
  readonly attempts: number;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  readonly print: (line: string) => void;
}

/** `npm run sim -- --bounds`: every fleet of up to seven nodes with every number of corrupt nodes below t. @returns whether every bound holds */
export async function runBounds({ attempts, json, signal, progress, print }: BoundsOptions): Promise<boolean> {
  const rows: BoundRow[] = [];
  for (const set of parameterSets(MOST_NODES)) {
    for (let b = 0; b < set.t; b++) {
      signal.throwIfAborted();
      const row = await runBound(set, b, attempts);
      rows.push(row);
      if (!holds(row)) progress(`the bound does not hold: ${JSON.stringify(row)}`);
    }
    progress(`n=${set.n} t=${set.t} q=${set.q} is done`);
  }
  const { tuples, exact, reached, broken } = summaryOf(rows);
  print(boundsText(rows));
  print(`${tuples} fleets and numbers of corrupt nodes: ${exact} exact, ${reached} bounds reached, ${broken} broken`);
  if (json) print(JSON.stringify({ attempts, tuples, exact, reached, broken, rows }));
  return broken === 0;
}
