import { ServiceProcess } from '@strongroom/stack';
import { Checks, type Scenario } from '../scenario.js';
import { RIGHT, WRONG, type Call } from '../subject.js';

const LIAR = 3;
const lie = new URL('../forged-count-hook.js', import.meta.url).href;

/** A real node of the fleet that signs, with its own key, that no attempt was spent. */
export const forgedCount: Scenario = {
  name: 'forged attempts-left',
  async play(stage) {
    const { vault } = stage;
    const checks = new Checks();
    const honest = vault.node(LIAR);
    const liar = new ServiceProcess({ ...honest.spec, env: { ...honest.spec.env, NODE_OPTIONS: `--import=${lie}` } });
    // Its home node lies: its vote is the first of each decision.
    const [subject] = await stage.subjectsAround(LIAR);
    if (subject === undefined) throw new RangeError('a fleet has nodes');
    const calls: Call[] = [];
    await honest.stop();
    const since = stage.now();
    try {
      await liar.start();
      await stage.heard(LIAR, since);
      for (const left of [9, 8, 7]) {
        const call = await subject.recover(WRONG);
        calls.push(call);
        checks.that(
          call.outcome === 'wrong' && call.attemptsLeft === left,
          `${call.attemptsLeft} attempts are told to be left, not ${left}`,
        );
        checks.that((await subject.attemptsLeft()) === left, `the status does not say ${left}`);
      }
      const right = await subject.recover(RIGHT);
      calls.push(right);
      checks.that(right.outcome === 'recovered', `the right code ended as ${right.outcome}`);
      checks.that(
        calls.every(({ attempts }) => attempts === 1),
        'a call took more than one attempt',
      );
      checks.that(liar.logged().includes('compare.lies'), 'the node never lied: nothing was shown');
    } finally {
      await liar.stop();
    }
    await stage.whole();
    return { broken: checks.broken, calls, seen: 'the client told 9, 8, 7 while the home node signed that none was spent' };
  },
};
