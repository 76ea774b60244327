import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { peerFetchSets, type ResponseOf } from '@strongroom/contracts';
import { SystemRandom } from '@strongroom/platform';
import { TestFleet, type TestDevice } from '@strongroom/testing';
import { CutLine } from './cut-line.js';

const RIGHT = 'correct horse 42';
const random = new SystemRandom();

describe('a node whose line to the bus was cut while others decided', () => {
  let fleet: TestFleet;
  let line: CutLine;
  let people: readonly TestDevice[];

  const heldAt = (node: number, { uid }: TestDevice): Promise<ResponseOf<typeof peerFetchSets>> =>
    fleet.bus.call(peerFetchSets, { uid, fromIndex: 1 }, { node: `${fleet.stack.fleet.fleetId}-${node}` });
  const inStep = async (device: TestDevice): Promise<boolean> => {
    const [first, third] = [await heldAt(1, device), await heldAt(3, device)];
    return first.sets.length === third.sets.length && first.confirmation?.index === third.confirmation?.index;
  };
  async function protectedDevice(): Promise<TestDevice> {
    const device = fleet.device();
    await device.client.protect(random.bytes(32), RIGHT);
    return device;
  }

  beforeAll(async () => {
    fleet = await TestFleet.create({
      profile: 'smallest',
      env: { 'hsm-node': { ANTI_ENTROPY_INTERVAL_MS: '500', ANTI_ENTROPY_ACCOUNTS: '2' } },
      nodeEnv: async (node, natsUrl) => {
        if (node !== 3) return {};
        line = await CutLine.to(natsUrl);
        return { NATS_URL: line.url };
      },
    });
    people = await Promise.all([1, 2, 3, 4].map(() => protectedDevice()));
    for (const device of people) await fleet.until('all nodes to hold the registration', () => inStep(device));
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await line.close();
  }, 60_000);

  it('takes over what it missed, without a client that asks for the accounts and without starting anew', async () => {
    line.cut();
    await fleet.until('the gateway to notice', async () => (await fleet.liveNodes()) === 2);
    const since = fleet.events.length;
    for (const { account } of people) await fleet.device(account).client.recover(RIGHT);
    const newcomer = await protectedDevice();
    line.mend();
    await fleet.healthy();
    for (const device of [...people, newcomer]) await fleet.until('node 3 to be in step', () => inStep(device));
    const sizes = await Promise.all([...people, newcomer].map(async (device) => (await heldAt(3, device)).sets.length));
    expect(sizes).toEqual([2, 2, 2, 2, 1]);
    await fleet.until('node 3 to say so', () => fleet.told('log.healed', since).length > 0);
    expect(fleet.told('node.joined', since)).toEqual([]);
    expect(fleet.told('log.diverged')).toEqual([]);
  }, 60_000);
});
