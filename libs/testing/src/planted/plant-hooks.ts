import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted-bug.js';

const GLOBALS = new URL('spec-globals.js', import.meta.url).href;

/**
 * Code below `folder` is loaded anew for every run, told apart by `?run=`; everything else is loaded once for all of
 * them. The change is made on the way into the process: no file is touched.
 */
export class PlantHooks {
  private readonly bugs = new Map<string, PlantedBug | null>();
  private readonly planted = new Set<string>();

  /** @param folder URL of the compiled code, with a slash at its end */
  constructor(private readonly folder: string) {
    registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
        const resolved = next(specifier, context);
        const run = runOf(context.parentURL);
        return run === null || !resolved.url.startsWith(folder) ? resolved : { ...resolved, url: `${resolved.url}?run=${run}` };
      },
      load: (url, context, next) => {
        const run = url.startsWith(folder) ? runOf(url) : null;
        const bug = run === null ? null : (this.bugs.get(run) ?? null);
        if (run === null || bug === null || withoutRun(url) !== `${folder}${bug.file}`) return next(url, context);
        this.planted.add(run);
        return { format: 'module', shortCircuit: true, source: changed(bug, readFileSync(fileURLToPath(withoutRun(url)), 'utf8')) };
      },
    });
  }

  /** @returns the URL under which the spec is loaded with this bug in the code */
  urlOf(spec: string, run: string, bug: PlantedBug | null): string {
    this.bugs.set(run, bug);
    return `${this.folder}${spec}?run=${run}`;
  }

  /** Whether the file with the bug was loaded: a spec that never loads it cannot find anything. */
  isPlanted(run: string): boolean {
    return this.planted.has(run);
  }
}

function runOf(url: string | undefined): string | null {
  return url === undefined || !url.startsWith('file:') ? null : new URL(url).searchParams.get('run');
}

function withoutRun(url: string): string {
  return url.slice(0, url.lastIndexOf('?'));
}

function changed({ file, find, replace }: PlantedBug, code: string): string {
  if (code.split(find).length !== 2) throw new Error(`${file} does not hold the line to change exactly once: ${find}`);
  return code.replace(find, () => replace);
}
