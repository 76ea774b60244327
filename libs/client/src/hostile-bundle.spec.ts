import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exampleSetup, type ExampleSetup } from './example/example-client.js';
import { makeExampleFleet, signedBy } from './example/example-fleet.js';

const KEY = new Uint8Array(32).fill(3);
const CODE = 'correct horse 7';
let setup: ExampleSetup;

// Elliptic curves on a busy machine: the limit only catches what hangs.
jest.setTimeout(60_000);

beforeEach(async () => {
  setup = await exampleSetup();
  await setup.device().protect(KEY, CODE);
});

const spent = (): number => setup.gateway.logOf(setup.token).state.marks.filter(({ kind }) => kind === 'attempt').length;

describe('a client before a hostile bundle', () => {
  it.each([
    ['one signature', async (text: string) => signedBy(text, ['operator'])],
    ['the other signature alone', async (text: string) => signedBy(text, ['auditor'])],
    ['a changed text', async (text: string) => signedBy(text, ['operator', 'auditor']).replace('attempts 10', 'attempts 99')],
    ['no bundle at all', async () => 'nothing'],
  ])('uses no fleet from a bundle with %s', async (_name, make) => {
    const forged = await make(setup.gateway.fleet.text);
    setup.gateway.tamper = (route, answer) => (route === 'GET /v1/fleet-bundle' ? { ...answer, note: forged } : answer);
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'BUNDLE_INVALID', metadata: { check: expect.any(String) } });
    expect(spent()).toBe(0);
  });

  it('uses no second bundle for an epoch that it has seen, and follows the next one', async () => {
    const client = setup.device();
    await client.status();
    const { gateway } = setup;
    const first = gateway.fleet;
    gateway.fleet = await makeExampleFleet({ seed: 10 });
    await expect(client.fleet()).rejects.toMatchObject({ code: 'BUNDLE_INVALID', metadata: { check: 'epoch' } });
    gateway.fleet = await makeExampleFleet({ previousText: first.text, issuedAt: 1_799_999_500 });
    expect(await client.fleet()).toMatchObject({ epoch: 2 });
    gateway.fleet = first;
    expect(await client.fleet()).toMatchObject({ epoch: 2 });
  });
});
