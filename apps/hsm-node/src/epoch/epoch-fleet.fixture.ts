import { FleetNodeService } from '../node/fleet-node.service.js';
import { Machine, type Life } from '../node/machine.fixture.js';
import { keystoreOf, MemoryFleet, type FleetOptions } from '../node/memory-fleet.fixture.js';
import type { FleetNode } from '../node/fleet-node.js';
import type { Roster } from '../roster/roster.js';
import type { RosterListener } from '../roster/roster-source.js';

/** For specs only: a machine whose node follows its bundles from epoch to epoch. */
export class EpochMachine extends Machine {
  private service: FleetNodeService | null = null;
  private tell: RosterListener = () => undefined;

  override async start(): Promise<void> {
    const process = await this.boot();
    const onChange = (listener: RosterListener): (() => void) => {
      this.tell = listener;
      return () => undefined;
    };
    const service = new FleetNodeService(process.parts, { current: () => this.roster, onChange });
    const life: Life = {
      ...process,
      get node(): FleetNode {
        if (service.node === null) throw new Error('the epoch is not open here');
        return service.node;
      },
      started: Promise.resolve(),
    };
    this.service = service;
    this.life = life;
    service.onApplicationBootstrap();
  }

  /** Whether it takes part in the epoch of its roster. */
  get ready(): boolean {
    return this.life !== null && this.service?.ready === true && this.service.node?.roster.epoch === this.roster.epoch;
  }

  /** A bundle with the next epoch has come, remembered already; `null` for one that lists this node no more. */
  learn(roster: Roster): void {
    if (!this.history.rosters.some(({ epoch }) => epoch === this.roster.epoch)) this.history.rosters.push(this.roster);
    this.roster = { ...roster, self: this.roster.self };
    if (this.life !== null) this.tell(this.roster);
  }
}

/** For specs only: fleets that go from one epoch to the next. */
export function startedEpochFleet(options: FleetOptions = {}): Promise<MemoryFleet> {
  return MemoryFleet.started({ ...options, machineOf: (...args) => new EpochMachine(...args) });
}

export function epochMachine(fleet: MemoryFleet, node: number): EpochMachine {
  const machine = fleet.machine(node);
  if (!(machine instanceof EpochMachine)) throw new TypeError('not a fleet with epochs');
  return machine;
}

/** The next epoch with a new machine in the place of `node`. Nobody has learned of it yet. */
export function nextEpoch(fleet: MemoryFleet, node: number): Roster {
  const before = fleet.roster;
  const keystore = keystoreOf(`newcomer ${before.epoch} ${node}`, fleet.world.random);
  const newcomer = { index: node, identityKey: keystore.identityPublicKey, hpkeKey: keystore.hpkePublicKey };
  const members = before.members.map((member) => (member.index === node ? newcomer : member));
  const next: Roster = { ...before, epoch: before.epoch + 1, members };
  fleet.machine(node).kill();
  const machine = new EpochMachine({ ...next, self: node }, keystore, fleet.machineWorld);
  machine.history.rosters.push(...fleet.machine(node).history.rosters, before);
  fleet.machines[node - 1] = machine;
  fleet.roster = next;
  return next;
}

/** As `nextEpoch`; the new machine runs and everybody who is up learns of it. */
export async function replaceNode(fleet: MemoryFleet, node: number): Promise<Roster> {
  const next = nextEpoch(fleet, node);
  await fleet.start(node);
  for (const { roster, life } of fleet.machines) if (roster.self !== node && life !== null) epochMachine(fleet, roster.self).learn(next);
  return next;
}
