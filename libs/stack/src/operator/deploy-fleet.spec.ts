import { describe, expect, it } from '@jest/globals';
import { exampleNote, exampleProof, exampleText, NOW_MS } from '@strongroom/transparency/example';
import { PROFILES } from '../fleet/profile.js';
import { deployFleet, type FleetPlan } from './deploy-fleet.js';
import type { BundleView, Enrolment, FleetRequest, FleetView, GatewayHealth, Operator } from './operator-client.js';

const FLEET_ID = 'eu-1'; // the one that the example bundle lists, for a day
const plan: FleetPlan = { fleetId: FLEET_ID, parameters: PROFILES.standard, timeoutMs: 200, nowMs: NOW_MS - 30 * 86_400_000 };

function digest(seed: number): string {
  return seed.toString(16).padStart(64, '0');
}

/** A gateway that answers from memory; what a deployment changes can be read afterwards. */
class MemoryOperator implements Operator {
  readonly created: FleetRequest[] = [];
  proposals = 0;
  enrolled: readonly string[] = [1, 2, 3, 4, 5].map(digest);
  kept: FleetView[] = [];
  published: BundleView | undefined;
  live = 5;

  enrolments(): Promise<readonly Enrolment[]> {
    const rest = { identityKey: '', hpkeKey: '', environment: 'software', keystore: '', softwareVersion: '', enrolledAt: '' } as const;
    return Promise.resolve(this.enrolled.map((each) => ({ ...rest, digest: each })));
  }

  fleets(): Promise<readonly FleetView[]> {
    return Promise.resolve(this.kept);
  }

  createFleet(request: FleetRequest): Promise<FleetView> {
    this.created.push(request);
    const fleet: FleetView = { ...request, epoch: 1, state: 'forming' };
    this.kept = [...this.kept, fleet];
    return Promise.resolve(fleet);
  }

  proposeBundle(): Promise<BundleView> {
    this.proposals += 1;
    this.published = { epoch: this.proposals, digest: digest(0), note: exampleProof([exampleNote(exampleText())]) };
    return Promise.resolve(this.published);
  }

  bundle(): Promise<BundleView | undefined> {
    return Promise.resolve(this.published);
  }

  health(): Promise<GatewayHealth> {
    const fleets = this.kept.map(({ fleetId, parameters: { n, q } }) => {
      return { fleetId, live: this.live, needed: q, nodes: n, missingShares: 0, staleShares: 0 };
    });
    return Promise.resolve({ status: 'ok', checks: {}, bundleEpoch: this.published?.epoch ?? 0, fleets });
  }
}

describe('deploying a fleet', () => {
  it('forms it of the nodes in the order that was asked for and has it announced', async () => {
    const operator = new MemoryOperator();
    const members = [5, 4, 3, 2, 1].map(digest);
    const { fleet, bundle } = await deployFleet(operator, { ...plan, members });
    expect(operator.created).toEqual([{ fleetId: FLEET_ID, parameters: PROFILES.standard, members }]);
    expect(fleet.fleetId).toBe(FLEET_ID);
    expect(bundle.epoch).toBe(1);
  });

  it('takes the newest nodes that no living fleet has', async () => {
    const operator = new MemoryOperator();
    operator.enrolled = [1, 2, 3, 4, 5, 6, 7].map(digest);
    operator.kept = [{ fleetId: 'old', epoch: 1, state: 'active', parameters: { ...PROFILES.standard, n: 2 }, members: [digest(7)] }];
    await deployFleet(operator, plan);
    expect(operator.created[0]?.members).toEqual([2, 3, 4, 5, 6].map(digest));
  });

  it('changes nothing the second time', async () => {
    const operator = new MemoryOperator();
    await deployFleet(operator, plan);
    await deployFleet(operator, plan);
    expect(operator.created.length).toBe(1);
    expect(operator.proposals).toBe(1);
  });

  it('refuses parameters that break a rule before it asks anybody', async () => {
    const operator = new MemoryOperator();
    const broken = deployFleet(operator, { ...plan, parameters: { ...PROFILES.standard, q: 2 } });
    await expect(broken).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'parameters' } });
    expect(operator.created).toEqual([]);
  });

  it('keeps the parameters of a fleet that exists, and refuses others', async () => {
    const operator = new MemoryOperator();
    await deployFleet(operator, { ...plan, parameters: { ...PROFILES.standard, attempts: 7 } });
    expect((await deployFleet(operator, { ...plan, parameters: undefined })).fleet.parameters.attempts).toBe(7);
    await expect(deployFleet(operator, plan)).rejects.toMatchObject({ code: 'CONFLICT', metadata: { field: 'fleetId' } });
    expect(operator.created.length).toBe(1);
  });

  it('finishes a deployment that was cut before the bundle', async () => {
    const operator = new MemoryOperator();
    await operator.createFleet({ fleetId: FLEET_ID, parameters: PROFILES.standard, members: [1, 2, 3, 4, 5].map(digest) });
    await deployFleet(operator, plan);
    expect(operator.created.length).toBe(1);
    expect(operator.proposals).toBe(1);
  });

  it('renews a bundle that is about to expire', async () => {
    const operator = new MemoryOperator();
    await deployFleet(operator, plan);
    await deployFleet(operator, { ...plan, nowMs: NOW_MS });
    expect(operator.proposals).toBe(2);
  });

  it('names the step that was not reached in time', async () => {
    const few = new MemoryOperator();
    few.enrolled = [digest(1)];
    await expect(deployFleet(few, plan)).rejects.toThrow(/5 nodes to enrol/);
    const silent = new MemoryOperator();
    silent.live = 4;
    await expect(deployFleet(silent, plan)).rejects.toThrow(/every node of fleet eu-1 to serve/);
  });
});
