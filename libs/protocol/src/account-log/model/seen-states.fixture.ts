/** Fingerprints of 64 bits instead of states: n states collide with a probability of about n² / 2^65. */
export class SeenStates {
  private high = new Uint32Array(1 << 16);
  private low = new Uint32Array(1 << 16);
  private parents = new Uint32Array(1 << 16);
  /** Open addressing; holds number + 1. */
  private table = new Uint32Array(1 << 18);
  private count = 0;
  private hashHigh = 0;
  private hashLow = 0;

  get size(): number {
    return this.count;
  }

  parentOf(state: number): number {
    return this.parents[state] ?? 0;
  }

  /** @returns the number of the state, or -1 when it was known */
  add(words: Int32Array, length: number, parent: number): number {
    this.hash(words, length);
    const at = this.find();
    if (this.table[at] !== 0) return -1;
    if (this.count === this.high.length) this.grow();
    this.high[this.count] = this.hashHigh;
    this.low[this.count] = this.hashLow;
    this.parents[this.count] = parent;
    this.table[at] = ++this.count;
    if (this.count * 2 > this.table.length) this.rehash();
    return this.count - 1;
  }

  /** @returns -1 for a state never seen */
  numberOf(words: Int32Array, length: number): number {
    this.hash(words, length);
    return (this.table[this.find()] ?? 0) - 1;
  }

  private find(): number {
    const mask = this.table.length - 1;
    for (let at = this.hashLow & mask; ; at = (at + 1) & mask) {
      const held = this.table[at] ?? 0;
      if (held === 0 || (this.low[held - 1] === this.hashLow && this.high[held - 1] === this.hashHigh)) return at;
    }
  }

  /** Two multiplicative hashes with different odd constants and a final mix each. */
  private hash(words: Int32Array, length: number): void {
    let a = 0x9e3779b9 ^ length;
    let b = 0x85ebca6b + length;
    for (let i = 0; i < length; i++) {
      const word = words[i] ?? 0;
      a = Math.imul(a ^ word, 0x01000193 ^ 0x5bd1e994);
      a ^= a >>> 15;
      b = Math.imul(b + word, 0xcc9e2d51);
      b = ((b << 13) | (b >>> 19)) ^ Math.imul(word, 0x1b873593);
    }
    this.hashHigh = mix(a ^ Math.imul(b, 0x27d4eb2f));
    this.hashLow = mix(b + Math.imul(a, 0x165667b1));
  }

  private grow(): void {
    this.high = larger(this.high);
    this.low = larger(this.low);
    this.parents = larger(this.parents);
  }

  private rehash(): void {
    this.table = new Uint32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let i = 0; i < this.count; i++) {
      let at = (this.low[i] ?? 0) & mask;
      while (this.table[at] !== 0) at = (at + 1) & mask;
      this.table[at] = i + 1;
    }
  }
}

function larger(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(old.length * 2);
  grown.set(old);
  return grown;
}

function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
