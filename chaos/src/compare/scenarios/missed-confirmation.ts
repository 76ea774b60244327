import { attemptConfirmed } from '@strongroom/contracts';
import { Checks, type Scenario } from '../scenario.js';
import type { Call } from '../subject.js';

const NODE = 3;
/** More than there are attempts. */
const TIMES = 11;

/** A node takes part in each attempt and never hears that it was right: good recoveries must not add up to a lock. */
export const missedConfirmation: Scenario = {
  name: 'flaky third node',
  async play(stage) {
    const { vault } = stage;
    const checks = new Checks();
    // The third in line evaluates: it is one of t.
    const [, , subject] = await stage.subjectsAround(NODE);
    if (subject === undefined) throw new RangeError('a fleet has three nodes');
    const proxy = vault.proxy(NODE);
    const calls: Call[] = [];
    const bus = await stage.listen();
    // By the tag of the attempt: an earlier one may still be told late.
    const confirmedBy = new Map<string, Set<number>>();
    let heard = 0;
    try {
      await bus.onEvent(attemptConfirmed, ({ node, attempt }) => {
        confirmedBy.set(attempt, (confirmedBy.get(attempt) ?? new Set()).add(node));
      });
      await bus.flush();
      for (let i = 0; i < TIMES; i++) {
        subject.over((url, init, pass) => {
          if (url.endsWith('/confirm')) {
            proxy.stall('inward');
            confirmedBy.clear();
          }
          return pass(url, init);
        });
        calls.push(await subject.recover());
        await bus.flush();
        heard += [...confirmedBy.values()].filter((nodes) => nodes.has(NODE) && nodes.size > 1).length;
        // What was held back is lost for good, and the node comes back by itself.
        proxy.cut();
        proxy.mend();
        await stage.whole();
      }
    } finally {
      proxy.mend();
      await bus.onApplicationShutdown();
    }
    checks.that(heard === 0, 'the node heard of a confirmation that it was to miss');
    const good = calls.filter(({ outcome, attempts }) => outcome === 'recovered' && attempts === 1).length;
    checks.that(good === TIMES, `${good} of ${TIMES} recoveries succeeded with one attempt each`);
    subject.over();
    checks.that((await subject.attemptsLeft()) === 10, 'attempts are missing afterwards');
    return { broken: checks.broken, calls, seen: `${good} good recoveries in a row; all attempts left afterwards` };
  },
};
