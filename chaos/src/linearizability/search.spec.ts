import { describe, expect, it } from '@jest/globals';
import { accountModel } from '../account/account-model.js';
import { history, type HistoryBuilder } from './history.fixture.js';
import { checkLinearizable, type Verdict } from './search.js';

const model = accountModel(3);
const verdict = ({ operations }: HistoryBuilder): Verdict['kind'] => checkLinearizable(operations, model).kind;
const wrong = { kind: 'recover', code: 'bad' } as const;

describe('a history that one honest counter explains', () => {
  it.each([
    ['of nobody', history()],
    ['of one after the other', history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).recovers([4, 5], 'a').reads([6, 7], 3)],
    ['of a changed code', history().registers([0, 1], 'a').registers([2, 3], 'b', 2).isWrong([4, 5], 'a', 2).recovers([6, 7], 'b', 2)],
    [
      'of a lock',
      history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).isWrong([4, 5], 'x', 1).isWrong([6, 7], 'x', 0).reads([8, 9], 0),
    ],
    ['of a deletion', history().registers([0, 1], 'a').deletes([2, 3]).add([4, 5], wrong, { kind: 'nothing' }, { entriesSent: 0 })],
    [
      'of a confirmation seen by one before it returned',
      history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).recovers([4, 20], 'a').reads([6, 7], 2).reads([8, 9], 1).reads([10, 11], 3),
    ],
    [
      'of a right attempt that counts until it is confirmed',
      history().registers([0, 1], 'a').recovers([2, 20], 'a').isWrong([4, 5], 'x', 1),
    ],
    ['of two that returned the other way round', history().registers([0, 1], 'a').isWrong([2, 9], 'x', 1).isWrong([2, 8], 'y', 2)],
    ['of an unknown attempt that counted later', history().registers([0, 1], 'a').fails([2, 3], wrong).reads([4, 5], 3).reads([6, 7], 2)],
    ['of an unknown attempt that never counted', history().registers([0, 1], 'a').fails([2, 3], wrong).isWrong([4, 5], 'x', 2)],
    [
      'of an unknown change that took effect late',
      history()
        .registers([0, 1], 'a')
        .fails([2, 3], { kind: 'register', code: 'b', key: 'key of b' })
        .recovers([4, 5], 'a')
        .recovers([6, 7], 'b', 2),
    ],
    [
      'of an unknown recovery whose confirmation arrived',
      history()
        .registers([0, 1], 'a')
        .isWrong([2, 3], 'x', 2)
        .fails([4, 5], { kind: 'recover', code: 'a' }, { confirmed: true })
        .reads([6, 7], 3),
    ],
    [
      'of an overtaken attempt that was made anew',
      history().registers([0, 1], 'a').recovers([2, 9], 'a').add([2, 8], wrong, { kind: 'wrong', attemptsLeft: 0 }, { entriesSent: 2 }),
    ],
    ['of an unknown deletion', history().registers([0, 1], 'a').fails([2, 3], { kind: 'delete' }).recovers([4, 5], 'a').reads([6, 7], 3)],
  ] as const)('%s is accepted', (_, told) => {
    expect(verdict(told)).toBe('linearizable');
  });
});

describe('a history that no honest counter explains', () => {
  it.each([
    ['an acknowledged registration is lost', history().registers([0, 1], 'a').add([2, 3], wrong, { kind: 'nothing' }, { entriesSent: 0 })],
    ['an acknowledged change of code is lost', history().registers([0, 1], 'a').registers([2, 3], 'b', 2).recovers([4, 5], 'a')],
    [
      'another key comes back',
      history().registers([0, 1], 'a').add([2, 3], { kind: 'recover', code: 'a' }, { kind: 'recovered', key: 'other', version: 1 }),
    ],
    ['an attempt is forgotten', history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).isWrong([4, 5], 'x', 2)],
    [
      'the counter goes down without a confirmation',
      history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).isWrong([4, 5], 'x', 1).reads([6, 7], 2),
    ],
    [
      'the counter goes down with an unknown recovery that sent no confirmation',
      history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).fails([4, 5], { kind: 'recover', code: 'a' }).reads([6, 7], 3),
    ],
    ['a confirmation is forgotten', history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).recovers([4, 5], 'a').reads([6, 7], 1)],
    ['one attempt counts twice', history().registers([0, 1], 'a').isWrong([2, 3], 'x', 1)],
    ['nobody made the attempt that counts', history().registers([0, 1], 'a').reads([2, 3], 2)],
    [
      'the budget is exceeded',
      history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).isWrong([4, 5], 'x', 1).isWrong([6, 7], 'x', 0).isWrong([8, 9], 'x', 0),
    ],
    [
      'a right code opens a locked record',
      history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).isWrong([4, 5], 'x', 1).isWrong([6, 7], 'x', 0).recovers([8, 9], 'a'),
    ],
    ['a right code is called wrong', history().registers([0, 1], 'a').isWrong([2, 3], 'a', 2)],
    ['a deleted record is recovered', history().registers([0, 1], 'a').deletes([2, 3]).recovers([4, 5], 'a')],
    [
      'a second deletion gives a fresh budget',
      history()
        .registers([0, 1], 'a')
        .deletes([2, 3])
        .registers([4, 5], 'b', 3)
        .isWrong([6, 7], 'x', 2)
        .deletes([8, 9])
        .registers([10, 11], 'c', 5)
        .isWrong([12, 13], 'x', 2),
    ],
    ['a read tells of a change that was not called yet', history().registers([0, 1], 'a').reads([2, 3], 3, 2).registers([4, 5], 'b', 2)],
    ['a read is older than what had returned before it', history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).reads([4, 5], 3)],
    [
      'two reads see a change in opposite orders',
      history().registers([0, 1], 'a').registers([2, 20], 'b', 2).reads([4, 5], 3, 2).reads([6, 7], 3, 1),
    ],
  ] as const)('because %s is refused', (_, told) => {
    expect(verdict(told)).toBe('violation');
  });

  it('is told with the operations of which none can come next', () => {
    const told = history().registers([0, 1], 'a').isWrong([2, 3], 'x', 2).reads([4, 5], 3);
    expect(checkLinearizable(told.operations, model)).toMatchObject({ kind: 'violation', stuck: [2], account: { counted: [null] } });
  });
});

describe('a history that is too much to search', () => {
  it('is called undecided, never right', () => {
    const told = history().registers([0, 1], 'a');
    for (let i = 0; i < 8; i++) told.fails([2, 3], { kind: 'register', code: `b${i}`, key: 'k' });
    told.reads([4, 5], 1);
    expect(checkLinearizable(told.operations, model, 50).kind).toBe('undecided');
  });
});
