import { Checks, type Call, type Scenario } from '../scenario.js';

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
    try {
      for (let i = 0; i < TIMES; i++) {
        subject.over((url, init, pass) => {
          if (url.endsWith('/confirm')) proxy.stall('inward');
          return pass(url, init);
        });
        calls.push(await subject.recover());
        // What was held back is lost for good, and the node comes back by itself.
        proxy.cut();
        proxy.mend();
        await stage.whole();
      }
    } finally {
      proxy.mend();
    }
    const good = calls.filter(({ outcome, attempts }) => outcome === 'recovered' && attempts === 1).length;
    checks.that(good === TIMES, `${good} of ${TIMES} recoveries succeeded with one attempt each`);
    subject.over();
    checks.that((await subject.attemptsLeft()) === 10, 'attempts are missing afterwards');
    return { broken: checks.broken, calls, seen: `${good} good recoveries in a row; all attempts left afterwards` };
  },
};
