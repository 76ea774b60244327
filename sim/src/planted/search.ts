import { register } from 'node:module';
import { PLANTED_BUGS } from './planted-bugs.js';

/** `search.js NAME MOST [--story]`: plants one bug in this process, then runs seeds until one breaks a rule. Prints one JSON line, or the story. */
const [name = '', most = '1', form = ''] = process.argv.slice(2);
const bug = PLANTED_BUGS.find((one) => one.name === name);
if (bug === undefined) throw new RangeError(`no planted bug is called ${name}`);
register('./plant-hook.js', import.meta.url, { data: bug });

// Only now: whatever is loaded from here on goes through the hook.
const { makePlan } = await import('../plan/make-plan.js');
const { runPlan } = await import('../run/simulation.js');
const { BROKEN_CODE } = await import('../watch/violation.js');

/** A fleet that one corrupt node gains nothing from. */
async function byBounds(): Promise<{ readonly seeds: number; readonly rule: string; readonly story: string } | null> {
  const { runBound } = await import('../bounds/bound-run.js');
  const { violation } = await runBound({ n: 4, t: 3, q: 3 }, 1, 3);
  return violation === null ? null : { seeds: 1, ...violation };
}

let found: { readonly seeds: number; readonly rule: string; readonly story: string } | null =
  bug.byBounds === true ? await byBounds() : null;
for (let seed = 1; found === null && bug.byBounds !== true && seed <= Number(most); seed++) {
  const { violation } = await runPlan(makePlan(seed, { corruptExact: false }));
  // A handler that merely breaks would show that the planted line is nonsense, and no rule that it broke.
  if (violation !== null && violation.rule !== BROKEN_CODE) found = { seeds: seed, ...violation };
}
if (found !== null && form === '--story') {
  const { shrink } = await import('../shrink/shrink.js');
  const { storyOf } = await import('../shrink/story.js');
  process.stdout.write(`${storyOf(await shrink(makePlan(found.seeds, { corruptExact: false })))}\n`);
} else {
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
