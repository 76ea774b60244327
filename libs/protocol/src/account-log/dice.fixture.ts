/** For specs only: xorshift32, fast, and the same for the same seed. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  }

  below(bound: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % bound;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(Math.max(from.length, 1))];
  }

  /** Each of them with this chance. */
  some<T>(from: readonly T[], percent: number): readonly T[] {
    return from.filter(() => this.chance(percent));
  }

  shuffled<T>(from: readonly T[]): readonly T[] {
    const ranked = from.map((one) => ({ one, rank: this.below(1_000_000) }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
  }
}
