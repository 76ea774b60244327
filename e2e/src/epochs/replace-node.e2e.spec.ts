import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/client';
import { SystemRandom } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';
import { replaceNode, type ServiceProcess } from '@strongroom/stack';
import { freshAccount, TestFleet, type TestDevice } from '@strongroom/testing';
import { rmSync } from 'node:fs';

const RIGHT = 'correct horse 42';
const LOST = 3;
const random = new SystemRandom();

/** Attempts left after a wrong code, as the client computes them from q signed votes. */
async function leftAfterWrongCode(device: TestDevice, code: string): Promise<unknown> {
  const error: unknown = await device.client.recover(code).catch((reason: unknown) => reason);
  if (!(error instanceof VaultError) || error.code !== 'CODE_WRONG') throw error;
  return error.metadata['attemptsLeft'];
}

describe('a node that is lost for good', () => {
  let fleet: TestFleet;
  const accounts: { readonly device: TestDevice; readonly backupKey: Bytes }[] = [];

  beforeAll(async () => {
    fleet = await TestFleet.create();
    for (let i = 0; i < 3; i++) {
      const account = { device: fleet.device(freshAccount('owner')), backupKey: random.bytes(32) };
      await account.device.client.protect(account.backupKey, RIGHT);
      accounts.push(account);
    }
  }, 120_000);
  afterAll(() => fleet.stop(), 60_000);

  const node = (index: number): ServiceProcess => {
    const found = fleet.stack.services.nodes[index - 1];
    if (found === undefined) throw new RangeError(`no node ${index}`);
    return found;
  };
  const account = (i: number): { readonly device: TestDevice; readonly backupKey: Bytes } => {
    const found = accounts[i];
    if (found === undefined) throw new RangeError(`no account ${i}`);
    return found;
  };
  const recovers = async ({ device, backupKey }: ReturnType<typeof account>): Promise<boolean> => {
    const { backupKey: recovered } = await fleet.device(device.account).client.recover(RIGHT);
    return Buffer.from(recovered.reveal()).equals(Buffer.from(backupKey));
  };

  /** Recovers again and again, once more after `isOver`, and tells how each time ended. */
  const recoverUntil = async (isOver: () => boolean): Promise<readonly string[]> => {
    const { device } = account(2);
    const outcomes: string[] = [];
    for (let last = false; !last;) {
      last = isOver();
      const outcome = await device.client.recover(RIGHT).then(
        ({ attemptsLeft }) => (attemptsLeft === 10 ? 'recovered' : `${attemptsLeft} attempts left`),
        (error: unknown) => (error instanceof VaultError ? error.code : String(error)),
      );
      outcomes.push(outcome);
    }
    return outcomes;
  };

  it('is refused under a new identity, replaced, and its shares are rebuilt without anybody noticing', async () => {
    for (const code of ['wrong code 1', 'wrong code 2']) await leftAfterWrongCode(account(0).device, code);
    await node(LOST).kill9();
    rmSync(node(LOST).spec.env['DATA_DIR'] ?? '', { recursive: true });
    await node(LOST).start();

    // It enrols anew, and no bundle lists it: it takes part in nothing.
    await fleet.until('the new node to enrol', async () => (await fleet.stack.operator.enrolments()).length === 6);
    await fleet.until('the others to be counted', async () => (await fleet.liveNodes()) === 4);
    expect(await recovers(account(1))).toBe(true);
    expect(await fleet.liveNodes()).toBe(4);
    expect(node(LOST).logged()).not.toContain('"event":"node.joining"');

    // One user goes on meanwhile: with what is refused while the epoch changes no attempt is lost.
    let over = false;
    const meanwhile = recoverUntil(() => over);
    const { fleet: next } = await replaceNode(fleet.stack.operator, { fleetId: 'main', node: LOST, timeoutMs: 60_000 });
    expect(next).toMatchObject({ epoch: 2, state: 'active' });
    expect(await recovers(account(1))).toBe(true);
    over = true;
    const outcomes = await meanwhile;
    expect(outcomes.filter((outcome) => outcome !== 'recovered' && outcome !== 'FLEET_UNAVAILABLE')).toEqual([]);
    expect(outcomes.at(-1)).toBe('recovered');

    await fleet.healthy();
    await fleet.repaired(0);

    // With two others gone every recovery needs the rebuilt shares.
    for (const index of [1, 2]) await node(index).kill9();
    await fleet.until('two nodes to be missed', async () => (await fleet.liveNodes()) === 3);
    for (const one of accounts.slice(1)) expect(await recovers(one)).toBe(true);
    // The newcomer tells of what was decided before it came, and q need its word now.
    expect(await account(0).device.client.history()).toMatchObject({ complete: true, oldest: 1, newest: 3, answeredBy: [3, 4, 5] });
    // What was counted before the change still counts.
    expect(await leftAfterWrongCode(account(0).device, 'wrong code 3')).toBe(7);
    expect(await recovers(account(0))).toBe(true);

    // What restarts goes on in the epoch that it left.
    for (const index of [1, 2]) await node(index).start();
    await fleet.healthy();
    for (const index of [4, 5]) await node(index).kill9();
    await fleet.until('two others to be missed', async () => (await fleet.liveNodes()) === 3);
    expect(await recovers(account(2))).toBe(true);
  }, 240_000);
});
