import type { FleetRoster } from '@strongroom/protocol';
import type { Roster, RosterMember } from '../../../apps/hsm-node/dist/roster/roster.js';
import { firstMachine, keystoreOf, materialOf } from '../node/node-keys.js';
import type { Plan } from '../plan/action.js';
import { SeededRandom } from '../random/seeded-random.js';
import { FLEET_ID } from './rules.js';

/** The fleet that a plan begins with. */
export function firstRoster({ n, t, q, attempts }: Pick<Plan, 'n' | 't' | 'q' | 'attempts'>): Roster {
  const random = new SeededRandom('keys');
  const members = Array.from({ length: n }, (_, i) => {
    const { identityPublicKey, hpkePublicKey } = keystoreOf(materialOf(firstMachine(i + 1)), random);
    return { index: i + 1, identityKey: identityPublicKey, hpkeKey: hpkePublicKey };
  });
  return { fleetId: FLEET_ID, epoch: 1, self: 1, state: 'active', n, t, q, attempts, ksf: 'none', members };
}

/** The fleet as its signers signed it, epoch after epoch. */
export class FleetEpochs {
  private readonly signed: Roster[];

  constructor(first: Roster) {
    this.signed = [first];
  }

  /** The newest, without what was before. */
  get newest(): Roster {
    const newest = this.signed.at(-1);
    if (newest === undefined) throw new RangeError('a fleet has a first epoch');
    return newest;
  }

  /** The newest with all before it, as whoever checks statements needs them. */
  get roster(): Roster {
    return this.signed.length === 1 ? this.newest : { ...this.newest, earlier: this.signed.slice(0, -1).reverse() };
  }

  of(epoch: number): FleetRoster | null {
    return this.signed.find((roster) => roster.epoch === epoch) ?? null;
  }

  /** The next epoch: one machine in the place of another (PROTOCOL 7.5). */
  replace(member: RosterMember): Roster {
    const { newest } = this;
    const members = newest.members.map((old) => (old.index === member.index ? member : old));
    const next = { ...newest, epoch: newest.epoch + 1, members };
    this.signed.push(next);
    return next;
  }
}
