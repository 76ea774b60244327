import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exampleSetup, type ExampleSetup } from './example/example-client.js';
import { makeExampleFleet, type ExampleFleet } from './example/example-fleet.js';

const KEY = new Uint8Array(32).fill(3);
const CODE = 'correct horse 7';
const REPLACED = 5;
let setup: ExampleSetup;
let next: ExampleFleet;

// Elliptic curves on a busy machine: the limit only catches what hangs.
jest.setTimeout(60_000);

beforeEach(async () => {
  setup = await exampleSetup();
  await setup.device().protect(KEY, CODE);
  const previousText = setup.gateway.fleet.text;
  next = await makeExampleFleet({ epoch: 2, replaced: REPLACED, previousText, issuedAt: 1_799_999_500 });
  // Gone, and not rebuilt yet.
  setup.gateway.down.add(REPLACED);
});

const attempts = (): number => setup.gateway.logOf(setup.token).state.marks.filter(({ kind }) => kind === 'attempt').length;
/** From this request on, by its number among those to `route`, the fleet is in its next epoch. */
function changeAt(route: string, number: number, losing: number[] = []): void {
  let seen = 0;
  setup.gateway.fault = (call) => {
    if (call.route !== route) return undefined;
    seen += 1;
    if (seen === number) setup.gateway.fleet = next;
    return losing.includes(seen) ? 'lose-answer' : undefined;
  };
}

describe('a client whose fleet goes on to its next epoch', () => {
  it('recovers by the attempt that was decided before the change and evaluated after it', async () => {
    changeAt('POST /v1/attempts', 2, [1]);
    const { backupKey } = await setup.device().recover(CODE);
    expect(backupKey.reveal()).toEqual(KEY);
    expect(attempts()).toBe(1);
  });

  it('is told the attempts left by the votes of the epoch before', async () => {
    changeAt('POST /v1/attempts', 2, [1]);
    await expect(setup.device().recover('wrong code')).rejects.toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: 9 } });
    expect(attempts()).toBe(1);
  });

  it('gets the secret shares that were sealed after the change', async () => {
    changeAt('POST /v1/attempts/:id/confirm', 1);
    const { backupKey, confirmedBy } = await setup.device().recover(CODE);
    expect(backupKey.reveal()).toEqual(KEY);
    expect(confirmedBy).toEqual([1, 2, 3, 4]);
  });

  it('believes no statement about the account that was signed in the epoch before', async () => {
    const device = setup.device();
    const { gateway } = setup;
    await device.fleet();
    gateway.fleet = { ...next, roster: { ...gateway.fleet.roster, epoch: 1 } };
    await expect(device.status()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });
});
