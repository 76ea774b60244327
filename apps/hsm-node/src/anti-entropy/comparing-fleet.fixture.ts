import type { Version } from '../node/account.fixture.js';
import { Machine, RULES } from '../node/machine.fixture.js';
import { MemoryFleet } from '../node/memory-fleet.fixture.js';

export const INTERVAL_MS = 2_000;

/** For specs only: three nodes that compare their accounts, alice's among them. */
export async function comparingFleet(version: Version, intervalMs = INTERVAL_MS): Promise<MemoryFleet> {
  const rules = { ...RULES, antiEntropyIntervalMs: intervalMs };
  const fleet = await MemoryFleet.started({ machineOf: (roster, keystore, world) => new Machine(roster, keystore, { ...world, rules }) });
  await fleet.register(version);
  await fleet.settle();
  return fleet;
}

/** Nothing reaches a node, nor leaves it, while `work` goes on: what was said is not said again. */
export async function cutOff(fleet: MemoryFleet, node: number, work: () => Promise<unknown>): Promise<void> {
  const { fate } = fleet.wire;
  fleet.wire.fate = ({ to, from }) => ((to === node || from === node) && to !== from ? 'lose' : 'deliver');
  await work();
  await fleet.settle();
  fleet.wire.fate = fate;
}

/** How many messages of the name were sent from now on. */
export function countSent(fleet: MemoryFleet): (name: string) => number {
  const sent: string[] = [];
  fleet.wire.fate = ({ name }) => {
    sent.push(name);
    return 'deliver';
  };
  return (name) => sent.filter((one) => one === name).length;
}
