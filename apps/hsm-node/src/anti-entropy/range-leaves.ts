import type { Bytes } from '@strongroom/protocol';

const UID_LENGTH = 32;
const LEAF_LENGTH = 32;
const ENTRY_LENGTH: number = UID_LENGTH + LEAF_LENGTH;

/** The accounts of one range, sorted: 64 bytes for each and nothing else. */
export class RangeLeaves {
  private entries = new Uint8Array(0);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** @param leaf hash of what is held of the account now */
  set(uid: Bytes, leaf: Bytes): void {
    const at = this.placeOf(uid);
    if (!this.isAt(at, uid)) this.insert(at, uid);
    this.entries.set(leaf, at * ENTRY_LENGTH + UID_LENGTH);
  }

  leaves(): readonly Bytes[] {
    return Array.from({ length: this.count }, (_, i) => this.slice(i * ENTRY_LENGTH + UID_LENGTH, LEAF_LENGTH));
  }

  /** @returns account ids behind `after`, whether it is among them or not, in their order */
  behind(after: Bytes | null, limit: number): readonly Bytes[] {
    const place = after === null ? 0 : this.placeOf(after);
    const from = after !== null && this.isAt(place, after) ? place + 1 : place;
    const length = Math.max(0, Math.min(limit, this.count - from));
    return Array.from({ length }, (_, i) => this.slice((from + i) * ENTRY_LENGTH, UID_LENGTH).slice());
  }

  /** Where the account is, or would be. */
  private placeOf(uid: Bytes): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compareAt(middle, uid) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isAt(place: number, uid: Bytes): boolean {
    return place < this.count && this.compareAt(place, uid) === 0;
  }

  private compareAt(place: number, uid: Bytes): number {
    return Buffer.compare(this.slice(place * ENTRY_LENGTH, UID_LENGTH), uid);
  }

  private insert(place: number, uid: Bytes): void {
    if (this.count * ENTRY_LENGTH === this.entries.length) {
      const grown = new Uint8Array(Math.max(4, Math.ceil(this.count * 1.5)) * ENTRY_LENGTH);
      grown.set(this.entries);
      this.entries = grown;
    }
    this.entries.copyWithin((place + 1) * ENTRY_LENGTH, place * ENTRY_LENGTH, this.count * ENTRY_LENGTH);
    this.entries.set(uid, place * ENTRY_LENGTH);
    this.count += 1;
  }

  private slice(start: number, length: number): Bytes {
    return this.entries.subarray(start, start + length);
  }
}
