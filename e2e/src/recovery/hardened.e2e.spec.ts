import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { TestFleet } from '@strongroom/testing';

const CODE = '4711 0815';
const key = new SystemRandom().bytes(32);
let fleet: TestFleet;

beforeAll(async () => {
  fleet = await TestFleet.create({ profile: 'hardened' });
});
afterAll(() => fleet.stop());

describe('a hardened fleet of seven processes', () => {
  it('recovers with two nodes dead, not with three, and again when they are back', async () => {
    const device = fleet.device();
    expect((await device.client.protect(key, CODE)).votedBy.length).toBeGreaterThanOrEqual(5);
    const [first, second, third] = fleet.stack.services.nodes;
    await Promise.all([first?.kill9(), second?.kill9()]);
    const { backupKey, confirmedBy } = await fleet.device(device.account).client.recover(CODE);
    expect(backupKey.reveal()).toEqual(key);
    expect(confirmedBy).toEqual([3, 4, 5, 6, 7]);
    await third?.kill9();
    await expect(fleet.device(device.account).client.recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await Promise.all([first?.start(), second?.start(), third?.start()]);
    await fleet.healthy();
    expect((await fleet.device(device.account).client.recover(CODE)).backupKey.reveal()).toEqual(key);
  });
});
