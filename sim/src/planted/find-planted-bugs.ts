import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted-bugs.js';

/** No planted bug may need more seeds than this. */
export const MOST_SEEDS = 15;
const DEADLINE_MS = 300_000;
const search = fileURLToPath(new URL('search.js', import.meta.url));

export interface Search {
  readonly bug: PlantedBug;
  /** How many seeds it took, null when MOST_SEEDS were not enough. */
  readonly seeds: number | null;
  /** The rule that gave it away. */
  readonly rule: string;
}

export interface SearchOptions {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Searches for each bug in a process of its own, as the code of a process is loaded once; two at a time. */
export async function findPlantedBugs(bugs: readonly PlantedBug[], { signal, progress }: SearchOptions): Promise<readonly Search[]> {
  const results = new Map<PlantedBug, Search>();
  const left = [...bugs];
  const work = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const result = await searchFor(bug, signal);
      results.set(bug, result);
      progress(`planted bug "${bug.name}": ${result.seeds === null ? 'not found' : `found with ${result.seeds} seeds (${result.rule})`}`);
    }
  };
  await Promise.all([work(), work()]);
  return bugs.flatMap((bug) => results.get(bug) ?? []);
}

function searchFor(bug: PlantedBug, signal: AbortSignal): Promise<Search> {
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: DEADLINE_MS, maxBuffer: 1 << 24 };
    execFile(process.execPath, ['--disable-warning=DEP0205', search, bug.name, String(MOST_SEEDS)], options, (error, out) => {
      if (error !== null) reject(error);
      else resolve({ bug, ...searchResult(JSON.parse(out.trim())) });
    });
  });
}

function searchResult(told: unknown): { readonly seeds: number | null; readonly rule: string } {
  if (typeof told !== 'object' || told === null || !('seeds' in told) || !('rule' in told)) return { seeds: null, rule: '' };
  return { seeds: Number(told.seeds), rule: String(told.rule) };
}
