import { attemptConfirm, entrySubmit } from '@strongroom/contracts';
import { concat, parseRecord, VaultError, type Bytes, type LivingVersion, type VaultRecord } from '@strongroom/protocol';
import { epochMachine } from '../epoch/epoch-fleet.fixture.js';
import { alice, attemptOf, confirmationOf, encoded } from '../node/account.fixture.js';
import type { MemoryFleet } from '../node/memory-fleet.fixture.js';
import type { Roster } from '../roster/roster.js';

/** For specs only: the next epoch with the same machines. Nobody has learned of it yet. */
export function refreshedRoster(fleet: MemoryFleet): Roster {
  fleet.roster = { ...fleet.roster, epoch: fleet.roster.epoch + 1 };
  return fleet.roster;
}

/** For specs only: everybody who is up learns of it. */
export function announceRefresh(fleet: MemoryFleet): void {
  const next = refreshedRoster(fleet);
  for (const { roster } of fleet.machines) epochMachine(fleet, roster.self).learn(next);
}

/** The living version by the log of `node`. */
export function livingAt(fleet: MemoryFleet, node: number, uid: Bytes = alice): LivingVersion {
  const { active } = fleet.account(node, uid).state;
  if (active === null) throw new Error('nothing is living');
  return active;
}

export function shareAt(fleet: MemoryFleet, node: number, hash: Bytes, uid: Bytes = alice): Bytes {
  return fleet.machine(node).now.vault.withShare(uid, hash, (key, secret) => concat(key, secret));
}

export function recordAt(fleet: MemoryFleet, node: number, hash: Bytes, uid: Bytes = alice): VaultRecord {
  return parseRecord(fleet.machine(node).now.vault.record(uid, hash) ?? new Uint8Array(0));
}

/** Nodes that hold a share under this hash. */
export function holdersOf(fleet: MemoryFleet, hash: Bytes, uid: Bytes = alice): readonly number[] {
  return fleet.machines.filter(({ life }) => life?.vault.holds(uid, hash) === true).map(({ roster }) => roster.self);
}

/** For specs only: one right attempt upon the other, as fast as the fleet answers. @returns how many were confirmed */
export async function recoverWithoutRest(fleet: MemoryFleet, name: string, times: number): Promise<number> {
  const nodes = fleet.machines.map(({ roster }) => `main-${roster.self}`);
  let recovered = 0;
  for (let i = 0; i < times; i++) {
    const entry = encoded(attemptOf(`${name}, ${i}`));
    try {
      const set = await fleet.gateway.call(entrySubmit, { entry }, { node: `main-${fleet.ranked[0] ?? 1}` });
      const confirmation = confirmationOf(set);
      await Promise.all(nodes.map((node) => fleet.gateway.call(attemptConfirm, { confirmation }, { node })));
      recovered += 1;
    } catch (error) {
      if (!(error instanceof VaultError) || error.code !== 'FLEET_UNAVAILABLE') throw error;
    }
  }
  return recovered;
}
