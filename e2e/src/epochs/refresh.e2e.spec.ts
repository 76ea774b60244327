import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/client';
import { SystemRandom } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';
import { refreshFleet, replaceNode, type ServiceProcess } from '@strongroom/stack';
import { freshAccount, TestFleet, type TestDevice } from '@strongroom/testing';
import { rmSync } from 'node:fs';

const RIGHT = 'correct horse 42';
const KILLED = 2;
const LOST = 4;
const random = new SystemRandom();

interface Owner {
  readonly device: TestDevice;
  readonly backupKey: Bytes;
}

/** Attempts left after a wrong code, as the client computes them from q signed votes. */
async function leftAfterWrongCode(device: TestDevice, code: string): Promise<unknown> {
  const error: unknown = await device.client.recover(code).catch((reason: unknown) => reason);
  if (!(error instanceof VaultError) || error.code !== 'CODE_WRONG') throw error;
  return error.metadata['attemptsLeft'];
}

describe('a fleet that makes its shares anew', () => {
  let fleet: TestFleet;
  const owners: Owner[] = [];

  beforeAll(async () => {
    fleet = await TestFleet.create();
    for (let i = 0; i < 8; i++) {
      const owner = { device: fleet.device(freshAccount('owner')), backupKey: random.bytes(32) };
      await owner.device.client.protect(owner.backupKey, RIGHT);
      owners.push(owner);
    }
  }, 120_000);
  afterAll(() => fleet.stop(), 60_000);

  const node = (index: number): ServiceProcess => {
    const found = fleet.stack.services.nodes[index - 1];
    if (found === undefined) throw new RangeError(`no node ${index}`);
    return found;
  };
  const owner = (i: number): Owner => {
    const found = owners[i];
    if (found === undefined) throw new RangeError(`no owner ${i}`);
    return found;
  };
  const recovers = async ({ device, backupKey }: Owner): Promise<boolean> => {
    const { backupKey: recovered } = await fleet.device(device.account).client.recover(RIGHT);
    return Buffer.from(recovered.reveal()).equals(Buffer.from(backupKey));
  };
  const stale = async (): Promise<number | null | undefined> => (await fleet.stack.operator.health()).fleets[0]?.staleShares;

  it('serves its users before, during and after, over a killed node, and counts as before', async () => {
    for (const code of ['wrong code 1', 'wrong code 2']) await leftAfterWrongCode(owner(0).device, code);
    const dry = await refreshFleet(fleet.stack.operator, { fleetId: 'main', timeoutMs: 60_000, dryRun: true });
    expect(dry.fleet).toMatchObject({ epoch: 1, state: 'active' });
    expect(await stale()).toBe(0);

    // One user goes on meanwhile, on one device: each time it recovers, or is told to come again.
    let over = false;
    const outcomes: string[] = [];
    const meanwhile = (async (): Promise<void> => {
      for (let last = false; !last;) {
        last = over;
        const outcome = await owner(1)
          .device.client.recover(RIGHT)
          .then(
            ({ attemptsLeft }) => (attemptsLeft === 10 ? 'recovered' : `${attemptsLeft} attempts left`),
            (error: unknown) => (error instanceof VaultError ? error.code : String(error)),
          );
        outcomes.push(outcome);
      }
    })();
    const refreshed = refreshFleet(fleet.stack.operator, { fleetId: 'main', timeoutMs: 60_000 });
    await fleet.until('the first versions to be shared anew', () => fleet.told('share.refresh-progressed').length > 0);
    await node(KILLED).kill9();
    await node(KILLED).start();
    expect(await refreshed).toMatchObject({ fleet: { epoch: 2, state: 'active' }, staleShares: 0 });
    over = true;
    await meanwhile;
    expect(outcomes.filter((outcome) => outcome !== 'recovered' && outcome !== 'FLEET_UNAVAILABLE')).toEqual([]);
    expect(outcomes.at(-1)).toBe('recovered');
    expect(fleet.told('share.refresh-spoiled')).toEqual([]);

    expect(await leftAfterWrongCode(owner(0).device, 'wrong code 3')).toBe(7);
    for (const one of owners) expect(await recovers(one)).toBe(true);
    // Every node serves with its new share: whichever two are down, the others suffice.
    await fleet.healthy();
    for (const index of [1, 3]) await node(index).kill9();
    await fleet.until('two nodes to be missed', async () => (await fleet.liveNodes()) === 3);
    for (const one of owners.slice(0, 3)) expect(await recovers(one)).toBe(true);
    await expect(refreshFleet(fleet.stack.operator, { fleetId: 'main', timeoutMs: 5_000 })).rejects.toThrow('3 of 5 nodes');
    for (const index of [1, 3]) await node(index).start();
    await fleet.healthy();
  }, 240_000);

  it('rebuilds refreshed shares at a node that is replaced afterwards', async () => {
    const from = fleet.events.length;
    await node(LOST).kill9();
    rmSync(node(LOST).spec.env['DATA_DIR'] ?? '', { recursive: true });
    await node(LOST).start();
    await fleet.until('the new node to enrol', async () => (await fleet.stack.operator.enrolments()).length === 6);
    await replaceNode(fleet.stack.operator, { fleetId: 'main', node: LOST, timeoutMs: 60_000 });
    await fleet.healthy();
    await fleet.repaired(from);
    for (const index of [1, 5]) await node(index).kill9();
    await fleet.until('two nodes to be missed', async () => (await fleet.liveNodes()) === 3);
    for (const one of owners.slice(2, 5)) expect(await recovers(one)).toBe(true);
  }, 120_000);
});
