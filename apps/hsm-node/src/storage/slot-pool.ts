/** Which slots may be handed out. Erased slots are not among them until their last row is gone. */
export class SlotPool {
  private readonly free = new Set<number>();

  get size(): number {
    return this.free.size;
  }

  add(slots: Iterable<number>): void {
    for (const slot of slots) this.free.add(slot);
  }

  /** @throws RangeError when there are fewer than `count` */
  take(count: number): readonly number[] {
    if (count > this.free.size) throw new RangeError(`${this.free.size} slots are free, not ${count}`);
    const taken: number[] = [];
    for (const slot of this.free) {
      if (taken.length === count) break;
      taken.push(slot);
    }
    for (const slot of taken) this.free.delete(slot);
    return taken;
  }

  has(slot: number): boolean {
    return this.free.has(slot);
  }
}
