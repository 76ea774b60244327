import type { Bytes, RandomSource } from '@strongroom/protocol';
import { KeySlots, type KeySlot } from './key-slots.js';
import { SlotPool } from './slot-pool.js';

/** KeySlots in memory, for tests and simulated nodes. */
export class MemoryKeySlots extends KeySlots {
  private readonly keys = new Map<number, Bytes>();
  private readonly pool = new SlotPool();
  private count = 0;

  constructor(private readonly random: RandomSource) {
    super();
  }

  async recover(named: ReadonlySet<number>): Promise<void> {
    const unnamed = Array.from({ length: this.count }, (_, slot) => slot).filter((slot) => !named.has(slot));
    await this.erase(unnamed);
    this.pool.add(unnamed);
  }

  async allocate(count: number): Promise<readonly KeySlot[]> {
    while (this.pool.size < count) this.pool.add([this.count++]);
    const slots = this.pool.take(count).map((slot) => ({ slot, key: this.random.bytes(32) }));
    await Promise.resolve();
    for (const { slot, key } of slots) this.keys.set(slot, key.slice());
    return slots;
  }

  read(slot: number): Bytes | null {
    return this.keys.get(slot)?.slice() ?? null;
  }

  async erase(slots: readonly number[]): Promise<void> {
    await Promise.resolve();
    for (const slot of slots) {
      this.keys.get(slot)?.fill(0);
      this.keys.delete(slot);
    }
  }

  release(slots: readonly number[]): void {
    const held = slots.find((slot) => this.keys.has(slot));
    if (held !== undefined) throw new RangeError(`slot ${held} still holds a key`);
    this.pool.add(slots);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
