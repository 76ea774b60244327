import { ByteWriter, VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';
import type { Keystore } from '../../../apps/hsm-node/dist/keystore/keystore.js';
import { KeySlots, type KeySlot } from '../../../apps/hsm-node/dist/storage/key-slots.js';
import { SlotPool } from '../../../apps/hsm-node/dist/storage/slot-pool.js';
import type { SimDisk } from './sim-disk.js';

/** KeySlots over a simulated disk, sealed as in the node's own file: a slot is old or new, several may end in between. */
export class SimSlots extends KeySlots {
  private readonly pool = new SlotPool();

  constructor(
    private readonly disk: SimDisk,
    private readonly keystore: Keystore,
    private readonly random: RandomSource,
  ) {
    super();
  }

  async recover(named: ReadonlySet<number>): Promise<void> {
    const { platter } = this.disk;
    const unnamed = Array.from({ length: platter.slotCount }, (_, slot) => slot).filter((slot) => !named.has(slot));
    await this.erase(unnamed.filter((slot) => platter.slots.has(slot)));
    this.pool.add(unnamed);
  }

  async allocate(count: number): Promise<readonly KeySlot[]> {
    const { platter } = this.disk;
    while (this.pool.size < count) this.pool.add([platter.slotCount++]);
    const slots = this.pool.take(count).map((slot) => ({ slot, key: this.random.bytes(32) }));
    for (const { slot, key } of slots) {
      const sealed = this.keystore.sealAtRest(contextOf(slot), key);
      await this.write(() => void platter.slots.set(slot, sealed));
    }
    return slots;
  }

  read(slot: number): Bytes | null {
    const sealed = this.disk.platter.slots.get(slot);
    if (sealed === undefined) return null;
    try {
      return this.keystore.openAtRest(contextOf(slot), sealed);
    } catch (cause) {
      throw new VaultError('INTERNAL', 'a key slot does not authenticate', { slot }, { cause });
    }
  }

  async erase(slots: readonly number[]): Promise<void> {
    for (const slot of slots.filter((one) => !this.pool.has(one))) {
      await this.write(() => void this.disk.platter.slots.delete(slot));
    }
  }

  release(slots: readonly number[]): void {
    const held = slots.find((slot) => this.disk.platter.slots.has(slot));
    if (held !== undefined) throw new RangeError(`slot ${held} still holds a key`);
    this.pool.add(slots);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A node whose slots the disk refused can neither make nor destroy keys: its process ends (`DataFolder.onFailure`). */
  private async write(apply: () => void): Promise<void> {
    try {
      await this.disk.write(apply);
    } catch (error) {
      this.disk.onCrash();
      throw error;
    }
  }
}

function contextOf(slot: number): Bytes {
  return ByteWriter.labelled('key-slot').u32(slot).bytes();
}
