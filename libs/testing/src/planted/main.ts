import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { PlantHooks } from './plant-hooks.js';
import { plantedBug } from './planted-bug.js';
import { runSpec } from './run-spec.js';

/**
 * `main.js FOLDER LIST`: plants each bug that the module LIST exports as PLANTED_BUGS in the compiled code of FOLDER, and
 * runs the spec that has to find it. Behind the bugs of a spec it runs over the code as it is, in the same process, so
 * that what a bug leaves behind cannot be taken for its being found. One line for each run goes to stderr, and one JSON
 * object with the result to stdout.
 */
const [folder = '', list = ''] = process.argv.slice(2);
const bugs = z.array(plantedBug).parse(z.object({ PLANTED_BUGS: z.unknown() }).parse(await import(pathToFileURL(list).href)).PLANTED_BUGS);
const hooks = new PlantHooks(`${pathToFileURL(folder).href.replace(/\/$/, '')}/`);
const result = { found: 0, missed: new Array<string>(), soundSpecs: 0, brokenSpecs: new Array<string>() };
// Work that a bug has broken may fail when nobody waits for it any more: that finds nothing, and must not end the rest.
let unheard: unknown[] = [];
process.on('unhandledRejection', (reason) => unheard.push(reason));

for (const spec of new Set(bugs.map((bug) => bug.spec))) {
  for (const bug of bugs.filter((one) => one.spec === spec)) {
    const { failed } = await runSpec(hooks, spec, bug);
    if (failed === null) result.missed.push(bug.name);
    else result.found += 1;
    process.stderr.write(`${bug.name}: ${failed ?? 'NOT FOUND'}\n`);
  }
  unheard = [];
  const { failed, passed } = await runSpec(hooks, spec, null);
  if (failed === null && passed > 0 && unheard.length === 0) result.soundSpecs += 1;
  else result.brokenSpecs.push(spec);
  process.stderr.write(`${spec}: ${passed} passed over the code as it is, ${failed ?? `${unheard.length} unheard`} failed\n`);
}
process.stdout.write(`${JSON.stringify(result)}\n`);
