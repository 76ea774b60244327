import { describe, expect, it } from '@jest/globals';
import { accountModel, type AccountModel } from '../account/account-model.js';
import { SeededRandom } from '../plan/seeded-random.js';
import { simulate, type PlantedBug } from './honest-vault.fixture.js';
import { checkLinearizable } from './search.js';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const LENGTH = 40;
const honest = accountModel(5);

function verdicts(bug: PlantedBug | null, model: AccountModel = honest): readonly string[] {
  return SEEDS.map((seed) => checkLinearizable(simulate(new SeededRandom(seed), honest, LENGTH, bug), model).kind);
}

describe('the checker on histories of simulated vaults', () => {
  it('accepts every history of an honest one', () => {
    expect(new Set(verdicts(null))).toEqual(new Set(['linearizable']));
  });

  it.each([
    'forgets a wrong attempt',
    'counts one attempt twice',
    'gives the budget back unasked',
    'loses an acknowledged registration',
    'takes the eleventh attempt',
    'forgets a confirmation',
    'recovers after a deletion',
    'reads what was before',
  ] as const)('finds the vault that %s', (bug) => {
    expect(verdicts(bug)).toContain('violation');
  });
});

describe('a checker with a bug in its model', () => {
  const models: readonly (readonly [string, AccountModel])[] = [
    ['forgets attempts', { ...honest, attempt: (code, by, expects) => (account) => honest.attempt(code, by, expects)(account) && account }],
    ['forgets registrations', { ...honest, register: () => (account) => account }],
    ['forgets confirmations', { ...honest, confirm: () => (account) => account }],
    ['forgets deletions', { ...honest, delete: () => (account) => account }],
    ['has one attempt more', accountModel(6)],
  ];

  it.each(models)('that %s refuses an honest vault', (_, model) => {
    expect(verdicts(null, model)).toContain('violation');
  });
});
