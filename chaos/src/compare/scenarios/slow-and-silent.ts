import { Checks, type Scenario } from '../scenario.js';
import type { Call } from '../subject.js';
import type { Stage } from '../stage.js';

const NODE = 3;
const SLOW_MS = 3_000;

/** One node answers three seconds late and still says that it is there. */
export const slowNode: Scenario = {
  name: 'slow node',
  play: (stage) =>
    disturbed(
      stage,
      () => stage.vault.proxy(NODE).slow({ leastMs: SLOW_MS / 2, mostMs: SLOW_MS / 2 }),
      () => stage.vault.proxy(NODE).mend(),
    ),
};

/** One node is stopped with its connections open: nobody is told that it is gone. */
export const silentNode: Scenario = {
  name: 'silent node',
  play: (stage) =>
    disturbed(
      stage,
      () => stage.vault.node(NODE).pause(),
      () => stage.vault.node(NODE).resume(),
    ),
};

/** Recoveries of accounts to which the node is the home node, the next in line, and so on, at once after it was disturbed. */
async function disturbed(stage: Stage, begin: () => void, end: () => void): Promise<Played> {
  const checks = new Checks();
  const subjects = await stage.subjectsAround(NODE);
  const calls: Call[] = [];
  begin();
  try {
    for (const subject of subjects) calls.push(await subject.recover());
  } finally {
    end();
  }
  await stage.whole();
  const good = calls.filter(({ outcome, attempts }) => outcome === 'recovered' && attempts === 1).length;
  checks.that(good === calls.length, `${good} of ${calls.length} recoveries succeeded with one attempt each`);
  for (const subject of subjects) checks.that((await subject.attemptsLeft()) === 10, 'attempts are missing afterwards');
  return { broken: checks.broken, calls, seen: `${good} of ${calls.length} recoveries, the node in every place of the order` };
}

type Played = Awaited<ReturnType<Scenario['play']>>;
