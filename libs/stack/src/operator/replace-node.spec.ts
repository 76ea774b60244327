import { beforeEach, describe, expect, it } from '@jest/globals';
import { fromHex, toBase64url } from '@strongroom/protocol';
import { exampleNote, exampleProof, exampleText } from '@strongroom/transparency/example';
import { PROFILES } from '../fleet/profile.js';
import type { BundleView, Enrolment, FleetView, GatewayHealth } from './operator-client.js';
import { replaceNode, type NodeReplacement, type Replacer } from './replace-node.js';

const digest = (seed: number): string => seed.toString(16).padStart(64, '0');
const enrolment = (seed: number): Enrolment => ({
  digest: digest(seed),
  identityKey: toBase64url(fromHex(digest(seed + 1000))),
  hpkeKey: '',
  environment: 'software',
  keystore: '',
  softwareVersion: '',
  enrolledAt: '',
});
const plan: NodeReplacement = { fleetId: 'eu-1', node: 3, timeoutMs: 200 };

/** A gateway that answers from memory. */
class MemoryReplacer implements Replacer {
  enrolled = [1, 2, 3, 4, 5, 6, 7].map(enrolment);
  fleet: FleetView = { fleetId: 'eu-1', epoch: 1, state: 'active', parameters: PROFILES.standard, members: [1, 2, 3, 4, 5].map(digest) };
  published: BundleView = { epoch: 1, digest: digest(0), note: exampleProof([exampleNote(exampleText())]) };
  proposals = 0;
  missingShares: number | null = 0;
  live = 5;

  enrolments(): Promise<readonly Enrolment[]> {
    return Promise.resolve(this.enrolled);
  }

  fleets(): Promise<readonly FleetView[]> {
    return Promise.resolve([this.fleet]);
  }

  replaceNode(_fleetId: string, node: number, member: string): Promise<FleetView> {
    const { epoch, members } = this.fleet;
    if (members[node - 1] !== member) {
      this.fleet = { ...this.fleet, epoch: epoch + 1, members: members.map((old, i) => (i === node - 1 ? member : old)) };
    }
    return Promise.resolve(this.fleet);
  }

  proposeBundle(): Promise<BundleView> {
    this.proposals += 1;
    this.published = { ...this.published, epoch: this.published.epoch + 1 };
    return Promise.resolve(this.published);
  }

  bundle(): Promise<BundleView> {
    return Promise.resolve(this.published);
  }

  health(): Promise<GatewayHealth> {
    const { missingShares, live } = this;
    const fleets = [{ fleetId: 'eu-1', live, needed: 3, nodes: 5, missingShares, staleShares: 0 }];
    return Promise.resolve({ status: 'ok', checks: {}, bundleEpoch: this.published.epoch, fleets });
  }
}

let operator: MemoryReplacer;
beforeEach(() => {
  operator = new MemoryReplacer();
});

describe('replacing a node', () => {
  it('takes the newest enrolled node that is free and has the next epoch announced', async () => {
    const { fleet } = await replaceNode(operator, plan);
    expect(fleet).toMatchObject({ epoch: 2, members: [1, 2, 7, 4, 5].map(digest) });
    expect(operator.proposals).toBe(1);
  });

  it.each([digest(6), digest(1006)])('takes the node that is named by its statement or its identity: %s', async (by) => {
    expect((await replaceNode(operator, { ...plan, by })).fleet.members[2]).toBe(digest(6));
  });

  it('goes on where it stopped when it is done again', async () => {
    await operator.replaceNode('eu-1', 3, digest(7));
    expect((await replaceNode(operator, plan)).fleet.epoch).toBe(2);
    expect(operator.proposals).toBe(1);
  });

  it('waits for shares that are still missing from the last time', async () => {
    operator.missingShares = 4;
    await expect(replaceNode(operator, plan)).rejects.toThrow('still rebuilds 4 shares');
    expect(operator.fleet.epoch).toBe(1);
  });

  it('does not take shares that nobody has counted for none', async () => {
    operator.missingShares = null;
    await expect(replaceNode(operator, plan)).rejects.toThrow('to count the shares');
    expect(operator.fleet.epoch).toBe(1);
  });

  it('says that no node is free, that nobody enrolled so, that there is no such fleet', async () => {
    await expect(replaceNode(operator, { ...plan, by: digest(99) })).rejects.toThrow('no node enrolled');
    await expect(replaceNode(operator, { ...plan, fleetId: 'other' })).rejects.toThrow('no fleet other');
    operator.enrolled = operator.enrolled.slice(0, 5);
    await expect(replaceNode(operator, plan)).rejects.toThrow('no enrolled node is free');
  });

  it('names the step that was not reached in time', async () => {
    operator.live = 2;
    await expect(replaceNode(operator, plan)).rejects.toThrow('fleet eu-1 to serve in epoch 2');
  });
});
