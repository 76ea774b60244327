import { describe, expect, it } from '@jest/globals';
import { exampleSetup } from '../example/example-client.js';
import { weaknessOf, type Weakness } from './weak-code.js';

const KEY = new Uint8Array(32).fill(7);
const WEAK: readonly (readonly [string, Weakness])[] = [
  ['4711', 'short'],
  ['Aö7!x', 'short'],
  ['000000', 'pattern'],
  ['123456', 'pattern'],
  ['98 76 54', 'pattern'],
  ['135791', 'pattern'],
  ['121212', 'pattern'],
  ['4711-4711', 'pattern'],
  ['AbcAbc', 'pattern'],
  ['poiuyt', 'pattern'],
  ['１２３４５６', 'pattern'],
  ['!!!!!!!!', 'pattern'],
  ['1-2-3-4', 'pattern'],
  ['       ', 'pattern'],
  ['159753', 'common'],
  ['password', 'common'],
  ['Pass Word', 'common'],
  ['trustno1', 'common'],
];

describe('a new code', () => {
  it.each(WEAK)('%s is refused as %s', (code, weakness) => {
    expect(weaknessOf(code)).toBe(weakness);
  });

  it.each([
    '270843',
    'correct horse 7',
    'Café 42',
    'seven quiet otters',
    '4711 0815',
    'ſtaub7',
    'пароль на лето',
    '7#?!9$',
    'w%&-e/',
    '!?§$%&/=',
    '🦊🐼🐸🦁🐯🐻',
  ])('%s may be used', (code) => {
    expect(weaknessOf(code)).toBeUndefined();
  });

  it('that is weak is refused before anything is sent or spent, and is in no message', async () => {
    const setup = await exampleSetup();
    const silent = setup.device({ fetch: () => Promise.reject(new Error('sent')) });
    const refused = silent.protect(KEY, 'trustno1');
    await expect(refused).rejects.toMatchObject({ code: 'CODE_WEAK', metadata: { weakness: 'common' } });
    await expect(refused).rejects.not.toThrow(/trustno1/);
    await setup.device().protect(KEY, 'correct horse 7');
    const changed = setup.device().changeCode({ currentCode: 'wrong code', newCode: '111111' });
    await expect(changed).rejects.toMatchObject({ code: 'CODE_WEAK', metadata: { weakness: 'pattern' } });
    expect(await setup.device().status()).toMatchObject({ version: 1, attemptsLeft: 10 });
  });

  it('that is weak is taken by who says so', async () => {
    const setup = await exampleSetup();
    const device = setup.device();
    await device.protect(KEY, '4711', { allowWeakCode: true });
    await device.changeCode({ backupKey: KEY, newCode: '123456' }, { allowWeakCode: true });
    expect((await setup.device().recover('123456')).backupKey.reveal()).toEqual(KEY);
  });
});
