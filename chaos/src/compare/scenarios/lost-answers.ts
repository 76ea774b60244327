import { Checks, type Scenario } from '../scenario.js';
import { RIGHT, WRONG, type Line, type Call } from '../subject.js';

/** Loses the first answer of each step; the request itself has arrived. */
function losingFirstAnswers(): Line {
  const seen = new Set<string>();
  return async (url, init, pass) => {
    const step = new URL(url).pathname.replace(/[0-9a-f]{64}/, 'id');
    const answer = await pass(url, init);
    if (seen.has(step)) return answer;
    seen.add(step);
    await answer.arrayBuffer();
    throw new TypeError('the answer was lost');
  };
}

/** The answer of every step is lost once: who asks again must not pay again (PROTOCOL 6.4). */
export const lostAnswers: Scenario = {
  name: 'answers lost',
  async play(stage) {
    const checks = new Checks();
    const subject = await stage.subject();
    const calls: Call[] = [];
    for (const [code, outcome, left] of [
      [WRONG, 'wrong', 9],
      [RIGHT, 'recovered', 10],
    ] as const) {
      subject.over(losingFirstAnswers());
      const call = await subject.recover(code);
      calls.push(call);
      checks.that(call.outcome === outcome, `the call ended as ${call.outcome}, not as ${outcome}`);
      checks.that(call.attempts === 1, `${call.attempts} attempts were sent`);
      checks.that(call.attemptsLeft === left, `${call.attemptsLeft} attempts are left, not ${left}`);
    }
    subject.over();
    checks.that((await subject.attemptsLeft()) === 10, 'the nodes do not say that all attempts are left');
    return { broken: checks.broken, calls, seen: 'one attempt for a wrong code and one for the right one, whatever was lost' };
  },
};
