import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { rankNodes } from '@strongroom/protocol';
import { lossyFetch, TestFleet } from '@strongroom/testing';
import type { BundleFleet } from '@strongroom/transparency';
import { codeOf, Intruder } from '../hostile/intruder.js';
import { CodeChange, NEW, OLD } from './code-change.js';

const ALL = [1, 2, 3, 4, 5];
const LOST = ['request', 'answer'] as const;
const stepsOf = (...steps: readonly string[]) => steps.flatMap((path, i) => LOST.map((lost) => [lost, path, i + 1] as const));

describe('a registration that is cut', () => {
  let fleet: TestFleet;
  let carrier: Intruder;
  let roster: BundleFleet;

  beforeAll(async () => {
    fleet = await TestFleet.create();
    carrier = await Intruder.enter(fleet);
    roster = await carrier.roster(fleet.device());
  }, 120_000);
  afterEach(async () => {
    const { nodes, gateway } = fleet.stack.services;
    await Promise.all([gateway, ...nodes].filter(({ isRunning }) => !isRunning).map((service) => service.start()));
    await fleet.healthy();
  }, 90_000);
  afterAll(async () => {
    await carrier.leave();
    await fleet.stop();
  }, 60_000);

  const node = (index: number | undefined): TestFleet['stack']['services']['gateway'] => {
    const found = fleet.stack.services.nodes[(index ?? 0) - 1];
    if (found === undefined) throw new Error(`there is no node ${index}`);
    return found;
  };

  /** Exactly one of the codes works; then the change is made again, and it is the same one. */
  async function wholeAndRepeatable(change: CodeChange): Promise<void> {
    change.over();
    await fleet.until('exactly one of the codes to work', async () => {
      const [old, changed] = [await change.works(OLD), await change.works(NEW)];
      if (old === changed) throw new Error(`old: ${old}, new: ${changed}`);
      return true;
    });
    await completedOnce(change);
    expect(await change.works(OLD)).toBe(false);
  }

  /** A change that was acknowledged is in force; one that was not is whole and can be made again. */
  async function madeOnce(change: CodeChange, outcome: PromiseSettledResult<{ readonly version: number }>): Promise<void> {
    if (outcome.status === 'rejected') return wholeAndRepeatable(change);
    change.over();
    expect(outcome.value.version).toBe(2);
    expect(await change.works(NEW)).toBe(true);
    expect(await change.works(OLD)).toBe(false);
  }

  async function completedOnce(change: CodeChange, version = 2): Promise<void> {
    let result: { readonly version: number; readonly status: string } | undefined;
    await fleet.until('the client to complete it', async () => (result = await change.protect(NEW)) !== undefined);
    expect(result).toMatchObject({ version, status: 'active' });
    expect(await change.works(NEW)).toBe(true);
    expect(await change.device.client.status()).toMatchObject({ status: 'active', attemptsLeft: 10 });
  }

  it.each(stepsOf('/v1/records/me', '/v1/records'))('leaves one code working when the %s of %s is lost', async (lost, _path, step) => {
    const change = await CodeChange.begin(fleet);
    change.over(lossyFetch((_path, count) => (count === step ? lost : null)));
    expect(await codeOf(change.protect(NEW))).toBe('FLEET_UNAVAILABLE');
    await wholeAndRepeatable(change);
  });

  it.each(stepsOf('/v1/fleet-bundle', '/v1/records/me', '/v1/records'))(
    'leaves nothing or all of a first one when the %s of %s is lost',
    async (lost, _path, step) => {
      const first = new CodeChange(fleet);
      first.over(lossyFetch((_path, count) => (count === step ? lost : null)));
      expect(await codeOf(first.protect(NEW))).toBe('FLEET_UNAVAILABLE');
      first.over();
      await completedOnce(first, 1);
    },
  );

  it.each([[[]], [[1]], [[2, 4]], [[1, 3, 5]], [ALL]])('leaves the old code working when only nodes %j were told', async (told) => {
    const change = await CodeChange.begin(fleet);
    const carried = await change.captured();
    await carried.stage(carrier, told);
    expect(await change.works(OLD)).toBe(true);
    expect(await change.works(NEW)).toBe(false);
    await wholeAndRepeatable(change);
  });

  it('goes on at another node when the home node is killed between keeping and deciding', async () => {
    const change = await CodeChange.begin(fleet);
    const [home, next = 1] = rankNodes(change.device.uid, roster);
    const carried = await change.captured();
    await carried.stage(carrier, ALL);
    await node(home).kill9();
    await fleet.until('another node to decide it', async () => (await carried.submit(carrier, next)).index > 1);
    expect(await change.works(NEW)).toBe(true);
    await node(home).start();
    await fleet.healthy();
    await wholeAndRepeatable(change);
  }, 90_000);

  it('is decided or not, never half, when the home node is killed while it decides', async () => {
    const change = await CodeChange.begin(fleet);
    const [home = 1] = rankNodes(change.device.uid, roster);
    const carried = await change.captured();
    await carried.stage(carrier, ALL);
    const submitted = carried.submit(carrier, home);
    await Promise.allSettled([submitted, node(home).kill9()]);
    await wholeAndRepeatable(change);
  }, 90_000);

  it('is completed with two nodes killed on the way', async () => {
    const change = await CodeChange.begin(fleet);
    const [home, , third] = rankNodes(change.device.uid, roster);
    const kills: Promise<void>[] = [];
    change.over((url, init) => {
      if (new URL(url).pathname === '/v1/records') kills.push(node(home).kill9(), node(third).kill9());
      return fetch(url, init);
    });
    const [outcome] = await Promise.allSettled([change.protect(NEW)]);
    await Promise.all(kills);
    expect(kills.length).toBeGreaterThan(0);
    await madeOnce(change, outcome);
  }, 90_000);

  it('outlives a gateway that is killed with the registration in its hands', async () => {
    const change = await CodeChange.begin(fleet);
    const { gateway } = fleet.stack.services;
    const kills: Promise<void>[] = [];
    change.over(async (url, init) => {
      const answer = fetch(url, init);
      if (new URL(url).pathname === '/v1/records') kills.push(gateway.kill9());
      return answer;
    });
    const [outcome] = await Promise.allSettled([change.protect(NEW)]);
    await Promise.all(kills);
    expect(kills.length).toBeGreaterThan(0);
    await gateway.start();
    await fleet.healthy();
    await madeOnce(change, outcome);
  }, 90_000);
});
