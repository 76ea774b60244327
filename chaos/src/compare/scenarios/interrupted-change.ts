import { Checks, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { RIGHT, type Line, type Subject } from '../subject.js';

const REGISTER = '/v1/records';
const isChange = (url: string, init: RequestInit): boolean => init.method === 'POST' && new URL(url).pathname === REGISTER;
const lost = (): never => {
  throw new TypeError('the line was cut');
};

/** Where a change of the code is cut off. Afterwards nobody sends it on. */
const CUTS: readonly (readonly [string, (stage: Stage) => Line])[] = [
  ['before it is sent', () => async (url, init, pass) => (isChange(url, init) ? lost() : pass(url, init))],
  [
    'at two of five nodes',
    (stage) => async (url, init, pass) => {
      if (isChange(url, init)) await Promise.all([3, 4, 5].map((node) => stage.vault.node(node).kill9()));
      return pass(url, init);
    },
  ],
  [
    'with the gateway dead on the way',
    (stage) => async (url, init, pass) => {
      if (!isChange(url, init)) return pass(url, init);
      const [answer] = await Promise.all([pass(url, init), stage.vault.stack.services.gateway.kill9()]);
      return answer;
    },
  ],
  [
    'before its answer arrives',
    () => async (url, init, pass) => {
      const answer = await pass(url, init);
      return isChange(url, init) ? lost() : answer;
    },
  ],
];

/** After a cut exactly one of both codes works, and the same change can be made again (I5). */
export const interruptedChange: Scenario = {
  name: 'code change interrupted',
  async play(stage) {
    const checks = new Checks();
    for (const [where, cut] of CUTS) {
      const subject = await stage.subject();
      const changed = `another code, cut ${where}`;
      subject.over(cut(stage));
      await subject.protectInOneTry(changed);
      await stage.whole();
      subject.over();
      const working = await workingCodes(subject, [RIGHT, changed]);
      checks.that(working.length === 1, `cut ${where}, ${working.length} of both codes work`);
      checks.that(await subject.protect(changed), `cut ${where}, the change cannot be made again`);
      const after = await workingCodes(subject, [RIGHT, changed]);
      checks.that(after.length === 1 && after[0] === changed, `cut ${where} and made again, it is not the new code that works`);
    }
    return {
      broken: checks.broken,
      calls: [],
      seen: `cut in ${CUTS.length} places; each time one code worked, and the change could be made`,
    };
  },
};

async function workingCodes(subject: Subject, codes: readonly string[]): Promise<readonly string[]> {
  const working: string[] = [];
  for (const code of codes) if ((await subject.recover(code)).outcome === 'recovered') working.push(code);
  return working;
}
