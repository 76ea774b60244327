import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/client';
import { SystemRandom } from '@strongroom/platform';
import { TestFleet, type TestDevice } from '@strongroom/testing';

const RIGHT = 'correct horse 42';
const random = new SystemRandom();

interface Person {
  readonly device: TestDevice;
  readonly backupKey: Uint8Array;
}

async function protectedPerson(fleet: TestFleet): Promise<Person> {
  const person = { device: fleet.device(), backupKey: random.bytes(32) };
  await person.device.client.protect(person.backupKey, RIGHT);
  return person;
}

async function expectRecovery(fleet: TestFleet, { device, backupKey }: Person): Promise<void> {
  const recovered = await fleet.device(device.account).client.recover(RIGHT);
  expect(Buffer.from(recovered.backupKey.reveal())).toEqual(Buffer.from(backupKey));
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof VaultError)) throw error;
  return error.code;
}

/** The processes of these nodes, by their index from 1. */
function pick(fleet: TestFleet, ...indices: readonly number[]): readonly TestFleet['stack']['services']['nodes'][number][] {
  return fleet.stack.services.nodes.filter((_, i) => indices.includes(i + 1));
}

describe('a fleet under faults', () => {
  let fleet: TestFleet;
  let people: readonly Person[];

  beforeAll(async () => {
    fleet = await TestFleet.create();
    people = await Promise.all(Array.from({ length: 6 }, () => protectedPerson(fleet)));
  }, 120_000);
  afterEach(async () => {
    const { nodes } = fleet.stack.services;
    await Promise.all(nodes.filter((node) => !node.isRunning).map((node) => node.start()));
    await fleet.healthy();
  }, 60_000);
  afterAll(() => fleet.stop(), 60_000);

  it.each([
    [1, 2],
    [3, 4],
    [5, 1],
  ])(
    'recovers, registers and counts with nodes %i and %i dead',
    async (a, b) => {
      await Promise.all(pick(fleet, a, b).map((node) => node.kill9()));
      for (const person of people) await expectRecovery(fleet, person);
      await expectRecovery(fleet, await protectedPerson(fleet));
      expect(await codeOf(people[0]?.device.client.recover('wrong code') ?? Promise.resolve())).toBe('CODE_WRONG');
    },
    60_000,
  );

  it('says FLEET_UNAVAILABLE with three nodes dead and counts nothing', async () => {
    const dead = pick(fleet, 2, 3, 4);
    const person = await protectedPerson(fleet);
    await Promise.all(dead.map((node) => node.kill9()));
    await fleet.until('the gateway to notice', async () => (await fleet.liveNodes()) === 2);
    const client = fleet.device(person.device.account, {
      timeoutMs: 2_000,
      retries: { tries: 1, triesWhenUnavailable: 1, firstWaitMs: 1, maxWaitMs: 1 },
    }).client;
    expect(await codeOf(client.recover(RIGHT))).toBe('FLEET_UNAVAILABLE');
    await Promise.all(dead.map((node) => node.start()));
    await fleet.healthy();
    expect(await person.device.client.status()).toMatchObject({ attemptsLeft: 10 });
    await expectRecovery(fleet, person);
  }, 60_000);

  it('forgets no vote and no confirmation when all five nodes are killed at once', async () => {
    const { nodes } = fleet.stack.services;
    const person = await protectedPerson(fleet);
    for (let i = 0; i < 3; i++) await codeOf(person.device.client.recover('wrong code'));
    await Promise.all(nodes.map((node) => node.kill9()));
    await Promise.all(nodes.map((node) => node.start()));
    await fleet.healthy();
    expect(await person.device.client.status()).toMatchObject({ attemptsLeft: 7 });
    await expectRecovery(fleet, person);
    expect(await person.device.client.status()).toMatchObject({ attemptsLeft: 10 });
  }, 90_000);

  it('counts every wrong code once while nodes are killed and started under load', async () => {
    const { nodes } = fleet.stack.services;
    const group = await Promise.all(Array.from({ length: 4 }, () => protectedPerson(fleet)));
    const attack = (async () => {
      for (const i of [0, 3, 1, 4]) {
        await nodes[i]?.kill9();
        await nodes[i]?.start();
      }
    })();
    const wrong = group.map(async ({ device }) => {
      let counted = 0;
      for (let i = 0; i < 8; i++) if ((await codeOf(device.client.recover(`wrong code ${i}`))) === 'CODE_WRONG') counted += 1;
      return counted;
    });
    const counts = await Promise.all(wrong);
    await attack;
    await fleet.healthy();
    for (const [i, { device }] of group.entries()) {
      const { attemptsLeft } = await device.client.status();
      expect(10 - attemptsLeft).toBeGreaterThanOrEqual(counts[i] ?? 0);
      expect(10 - attemptsLeft).toBeLessThanOrEqual(8);
    }
    for (const person of group) await expectRecovery(fleet, person);
  }, 120_000);

  it('gives a node that was down its share of a registration that it missed', async () => {
    const { nodes } = fleet.stack.services;
    await nodes[4]?.kill9();
    const person = await protectedPerson(fleet);
    await nodes[4]?.start();
    await fleet.healthy();
    await fleet.until('node 5 to serve with its share', async () => {
      await Promise.all(pick(fleet, 1, 2).map((node) => node.kill9()));
      await expectRecovery(fleet, person);
      return true;
    });
  }, 90_000);

  it('recovers while a node is paused, and the node catches up afterwards', async () => {
    const { nodes } = fleet.stack.services;
    nodes[2]?.pause();
    for (const person of people) await expectRecovery(fleet, person);
    nodes[2]?.resume();
    await fleet.healthy();
    for (const person of people) await expectRecovery(fleet, person);
  }, 90_000);

  it('serves again by itself after nats-server was killed and restarted', async () => {
    await fleet.stack.services.nats.process?.kill9();
    await fleet.stack.services.nats.process?.start();
    for (const person of people) {
      await fleet.until('recoveries to succeed again', async () => {
        await expectRecovery(fleet, person);
        return true;
      });
    }
  }, 90_000);

  it('recovers while PostgreSQL is away, and operators are served again when it is back', async () => {
    await fleet.stack.services.postgres.process?.kill9();
    for (const person of people) await expectRecovery(fleet, person);
    await fleet.stack.services.postgres.process?.start();
    await fleet.until('the registry to answer', async () => (await fleet.stack.operator.fleets()).length === 1);
  }, 90_000);
});
