import { beforeAll, describe, expect, it } from '@jest/globals';
import { exampleToken } from '@strongroom/client/example';
import { nodeVerifier } from '@strongroom/platform';
import { checkAnswer } from '@strongroom/protocol';
import { KNOWN_ANSWERS, knownAnswerNonce, type KnownAnswer, type KnownAnswerName } from '@strongroom/transparency';
import type { Answers } from './evidence-corpus.fixture.js';
import { exampleAnswers } from './example-answers.fixture.js';

const nonceOf = (name: KnownAnswerName): Uint8Array => knownAnswerNonce('0'.repeat(64), name);
let made: Answers;

beforeAll(async () => {
  made = await exampleAnswers();
}, 60_000);

function answerOf(name: KnownAnswerName): KnownAnswer {
  const answer = made.answers.find((each) => each.name === name);
  if (!answer) throw new Error(`no answer to ${name}`);
  return answer;
}

const check = (answer: KnownAnswer, nonce = nonceOf(answer.name)): string =>
  checkAnswer({ answer, roster: made.roster, nonce }, nodeVerifier);

describe('the known answers of a fleet', () => {
  it.each(KNOWN_ANSWERS)('hold for whoever reads them: %s', (name) => {
    expect(check(answerOf(name))).toContain('said by nodes 1, 2, 3');
  });

  it('have no token and no code in them', () => {
    const text = JSON.stringify(made.answers);
    expect(text).not.toContain(exampleToken('ceremony').split('.')[1]);
    expect(Object.keys(answerOf('right-code').attempts[0] ?? {}).sort()).toEqual(['core', 'evaluations', 'record', 'votes']);
  });

  it('serve no other place of a transcript', () => {
    expect(() => check(answerOf('right-code'), nonceOf('lock'))).toThrow(expect.objectContaining({ metadata: { field: 'views' } }));
  });

  const first = <T>(list: readonly T[]): T => {
    const [one] = list;
    if (one === undefined) throw new Error('nothing there');
    return one;
  };
  const withAttempt = (answer: KnownAnswer, changes: Partial<KnownAnswer['attempts'][number]>): KnownAnswer => ({
    ...answer,
    attempts: answer.attempts.map((attempt) => ({ ...attempt, ...changes })),
  });

  it.each<[string, (right: KnownAnswer) => KnownAnswer]>([
    ['votes of too few nodes', (right) => withAttempt(right, { votes: first(right.attempts).votes.slice(0, 2) })],
    ['one vote twice', (right) => withAttempt(right, { votes: first(right.attempts).votes.map(() => first(first(right.attempts).votes)) })],
    ['one evaluation too few', (right) => withAttempt(right, { evaluations: first(right.attempts).evaluations.slice(0, 2) })],
    [
      'one evaluation twice',
      (right) => withAttempt(right, { evaluations: first(right.attempts).evaluations.map(() => first(first(right.attempts).evaluations)) }),
    ],
    ["another attempt's evaluations", (right) => withAttempt(right, { evaluations: first(answerOf('wrong-code').attempts).evaluations })],
    ["another attempt's votes", (right) => withAttempt(right, { votes: first(answerOf('wrong-code').attempts).votes })],
    ['views of too few nodes', (right) => ({ ...right, views: right.views.slice(0, 2) })],
    ['views that say something else', (right) => ({ ...right, name: 'wrong-code' })],
    ['views of another account', (right) => ({ ...right, account: '7'.repeat(64) })],
    ['a forged view', (right) => ({ ...right, views: right.views.map((view) => ({ ...view, signature: 'A'.repeat(86) })) })],
    ['no attempt', (right) => ({ ...right, attempts: [] })],
    ['nodes called absent without a test of that', (right) => ({ ...right, absent: [5] })],
  ])('do not hold with %s', (_what, change) => {
    expect(() => check(change(answerOf('right-code')), nonceOf('right-code'))).toThrow(expect.objectContaining({ name: 'VaultError' }));
  });

  it.each([[[]], [[1]], [[3, 4, 5]], [[4, 4]], [[9]]])('prove the loss of no minority when %j were absent', (absent) => {
    expect(() => check({ ...answerOf('minority-lost'), absent })).toThrow(expect.objectContaining({ metadata: { field: 'absent' } }));
  });

  it('prove no lock by what was said before it', () => {
    expect(() => check({ ...answerOf('wrong-code'), name: 'lock' }, nonceOf('wrong-code'))).toThrow(
      expect.objectContaining({ metadata: { field: 'views' } }),
    );
  });
});
