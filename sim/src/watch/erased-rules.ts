import { accountStatus, lastOkOf, settledState, toHex, type Bytes } from '@strongroom/protocol';
import { heldContext, openWithSlot } from '../../../apps/hsm-node/dist/shares/slot-cipher.js';
import type { Running, SimMachine } from '../node/sim-machine.js';
import type { World } from '../run/world.js';

/** After all deadlines: whose share is over is on no disk, and whose is not is still there (I6). */
export class ErasedRules {
  constructor(private readonly world: World) {}

  check(machine: SimMachine): void {
    const { running } = machine;
    const node = running?.node;
    if (!running || !node) return;
    for (const { account } of this.world.ledger.accounts) {
      const log = node.engine.account(account.uid);
      const lastOk = lastOkOf(log);
      const settled = settledState(log.state, lastOk, this.world.time.nowMs, this.world.policy);
      const locked = accountStatus(settled, lastOk, this.world.policy) === 'locked';
      // What came into force, or was called off by a confirmation, changes the shares with the next entry (PROTOCOL 5.3).
      const { active, pending } = log.state;
      const kept = [...(locked ? [] : [settled.active, active]), settled.pending?.version, pending?.version];
      const living = kept.flatMap((version) => (version ? [toHex(version.recordHash)] : []));
      for (const version of account.versions) {
        if (living.includes(toHex(version.hash))) continue;
        const what = `version ${version.ver} of account ${account.name}`;
        if (running.vault.holds(account.uid, version.hash))
          this.world.observer.accuse('I6', `${what} is over and node ${machine.self} still holds it`);
        if (this.opens(machine.self, running, account.uid, version.hash))
          this.world.observer.accuse('I6', `a key on the disk of node ${machine.self} opens its share of ${what}, which is over`);
      }
    }
  }

  /** Whether any key that is left in a slot opens any ciphertext of the share that was ever on this disk. */
  private opens(node: number, { slots, disk }: Running, uid: Bytes, recordHash: Bytes): boolean {
    const sealed = this.world.observer.shares.of(node, uid, recordHash);
    return sealed.some((share) => [...disk.platter.slots.keys()].some((slot) => isKey(slots.read(slot), uid, recordHash, share)));
  }
}

function isKey(key: Bytes | null, uid: Bytes, recordHash: Bytes, share: Bytes): boolean {
  if (key === null) return false;
  try {
    openWithSlot(key, heldContext('share', uid, recordHash), share);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'INTERNAL') return false;
    throw error;
  }
}
