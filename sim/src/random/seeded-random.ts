import type { SystemRandom } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';

/** xoshiro128**: fast, and the same for the same seed. Not secret, and nothing here is. */
export class SeededRandom implements SystemRandom {
  private readonly state: Uint32Array;

  /** @param name any text: different texts give independent streams */
  constructor(name: string) {
    this.state = Uint32Array.from([1, 2, 3, 4].map((lane) => hashOf(`${lane} ${name}`)));
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    return bound <= 1 ? 0 : this.next() % bound;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(percent: number): boolean {
    return this.below(1_000) < percent * 10;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    return items
      .map((item) => ({ item, rank: this.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }

  bytes(length: number): Bytes {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.next() >>> 16;
    return bytes;
  }

  private next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.state;
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const [x, y] = [c ^ a, d ^ b];
    this.state[1] = b ^ x;
    this.state[0] = a ^ y;
    this.state[2] = x ^ (b << 9);
    this.state[3] = rotated(y, 11);
    return result;
  }
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** FNV-1a with a final mix, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0 || 1;
}
