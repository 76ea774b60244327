import { register } from 'node:module';
import { PLANTED_BUGS } from './planted-bugs.js';

/** `search.js NAME MOST [--story]`: plants one bug in this process, then runs at most so many seeds until one breaks a rule. Prints one JSON line, or the story. */
const [name = '', most = '1', form = ''] = process.argv.slice(2);
const bug = PLANTED_BUGS.find((one) => one.name === name);
if (bug === undefined) throw new RangeError(`no planted bug is called ${name}`);
register('./plant-hook.js', import.meta.url, { data: bug });

// Only now: whatever is loaded from here on goes through the hook.
const { makePlan } = await import('../plan/make-plan.js');
const { runPlan } = await import('../run/simulation.js');
const { BROKEN_CODE } = await import('../watch/violation.js');

interface Found {
  /** How many it took, which is the one that found it. */
  readonly seeds: number;
  readonly rule: string;
  readonly story: string;
}

/** A fleet that one corrupt node gains nothing from. */
async function byBounds(): Promise<Found | null> {
  const { runBound } = await import('../bounds/bound-run.js');
  const { violation } = await runBound({ n: 4, t: 3, q: 3 }, 1, 3);
  return violation === null ? null : { seeds: 1, ...violation };
}

async function bySeeds(count: number): Promise<Found | null> {
  for (let seed = 1; seed <= count; seed++) {
    const { violation } = await runPlan(makePlan(seed, { corruptExact: true }));
    // A handler that merely breaks would show that the planted line is nonsense, and no rule that it broke.
    if (violation !== null && violation.rule !== BROKEN_CODE) return { seeds: seed, ...violation };
  }
  return null;
}

const found = bug.byBounds === true ? await byBounds() : await bySeeds(Number(most));
if (found !== null && form === '--story') {
  const { shrink } = await import('../shrink/shrink.js');
  const { storyOf } = await import('../shrink/story.js');
  process.stdout.write(`${storyOf(await shrink(makePlan(found.seeds, { corruptExact: true })))}\n`);
} else {
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
