import { beforeEach, describe, expect, it } from '@jest/globals';
import { exampleNote, exampleText } from '@strongroom/transparency/example';
import { PROFILES } from '../fleet/profile.js';
import type { BundleView, FleetView, GatewayHealth } from './operator-client.js';
import { refreshFleet, type FleetRefresh, type Refresher } from './refresh-fleet.js';

const plan: FleetRefresh = { fleetId: 'eu-1', timeoutMs: 200 };

/** A gateway that answers from memory; each look finds one version fewer to be shared anew. */
class MemoryRefresher implements Refresher {
  fleet: FleetView = { fleetId: 'eu-1', epoch: 1, state: 'active', parameters: PROFILES.standard, members: [] };
  published: BundleView = { epoch: 1, digest: '', note: exampleNote(exampleText()) };
  proposals = 0;
  refreshes = 0;
  live = 5;
  missingShares: number | null = 0;
  stale: (number | null)[] = [0];

  fleets(): Promise<readonly FleetView[]> {
    return Promise.resolve([this.fleet]);
  }

  refreshFleet(): Promise<FleetView> {
    this.refreshes += 1;
    this.fleet = { ...this.fleet, epoch: this.fleet.epoch + 1, state: 'forming' };
    this.stale = [null, 3, 3, 1, 0];
    return Promise.resolve(this.fleet);
  }

  proposeBundle(): Promise<BundleView> {
    this.proposals += 1;
    this.published = { ...this.published, epoch: this.published.epoch + 1 };
    this.fleet = { ...this.fleet, state: 'active' };
    return Promise.resolve(this.published);
  }

  bundle(): Promise<BundleView> {
    return Promise.resolve(this.published);
  }

  health(): Promise<GatewayHealth> {
    const { live, missingShares } = this;
    const [staleShares = 0] = this.stale.length > 1 ? this.stale.splice(0, 1) : this.stale;
    const fleets = [{ fleetId: 'eu-1', live, needed: 3, nodes: 5, missingShares, staleShares }];
    return Promise.resolve({ status: 'ok', checks: {}, bundleEpoch: this.published.epoch, fleets });
  }
}

let operator: MemoryRefresher;
beforeEach(() => {
  operator = new MemoryRefresher();
});

describe('refreshing a fleet', () => {
  it('has the next epoch announced and follows the nodes until no version is left', async () => {
    const lines: string[] = [];
    const { fleet, staleShares } = await refreshFleet(operator, { ...plan, progress: (line) => lines.push(line) });
    expect([fleet.epoch, staleShares, operator.refreshes, operator.proposals]).toEqual([2, 0, 1, 1]);
    expect(lines.filter((line) => line.includes('shared anew'))).toEqual([
      '3 versions are to be shared anew',
      '1 versions are to be shared anew',
    ]);
  });

  it('changes nothing in a dry run', async () => {
    expect(await refreshFleet(operator, { ...plan, dryRun: true })).toMatchObject({ bundle: undefined, fleet: { epoch: 1 } });
    expect([operator.refreshes, operator.proposals]).toEqual([0, 0]);
  });

  it('goes on where it stopped: recorded and not announced, or announced and not done', async () => {
    await operator.refreshFleet();
    expect((await refreshFleet(operator, plan)).fleet.epoch).toBe(2);
    expect([operator.refreshes, operator.proposals]).toEqual([1, 1]);
    operator.stale = [2, 2, 1, 0];
    operator.published = { ...operator.published, note: exampleNote(exampleText()) };
    expect((await refreshFleet(operator, plan)).fleet.epoch).toBe(2);
    expect(operator.refreshes).toBe(1);
  });

  it.each<[string, Partial<MemoryRefresher>, string]>([
    ['a node is down', { live: 4 }, '4 of 5 nodes'],
    ['shares are missing', { missingShares: 2 }, 'still rebuilds 2 shares'],
    ['a node has not counted its shares', { missingShares: null }, 'to count the shares'],
  ])('does not begin while %s', async (_what, change, said) => {
    Object.assign(operator, change);
    await expect(refreshFleet(operator, plan)).rejects.toThrow(said);
    expect(operator.refreshes).toBe(0);
  });

  it('says which step was not reached in time, and that there is no such fleet', async () => {
    await expect(refreshFleet(operator, { ...plan, fleetId: 'other' })).rejects.toThrow('no fleet other');
    operator.stale = [2];
    await expect(refreshFleet(operator, plan)).rejects.toThrow('share 2 versions anew');
  });
});
