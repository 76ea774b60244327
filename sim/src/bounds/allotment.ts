/** What one guess still needs, and who holds it. */
export interface Guess {
  readonly name: number;
  readonly holders: Set<number>;
}

export interface AllotmentOptions {
  readonly honest: readonly number[];
  /** Honest evaluations that make a guess: t - b. */
  readonly needed: number;
  /** So many may hold a guess and q votes are still found for it at a later index: n - q. */
  readonly early: number;
}

/**
 * Which attempt each honest node is shown as decided, index by index, so that as many attempts as possible get enough
 * evaluations: none of the N (n - b) that honest nodes make is wasted while that can be helped. A guess may be decided at
 * two indices, for some nodes here and for others there.
 */
export class Allotment {
  private pending: readonly Guess[] = [];
  private names = 0;

  constructor(private readonly options: AllotmentOptions) {}

  /** @param last nothing is begun that a later index would have to complete. @returns the attempt of each honest node, by its node */
  next(last: boolean): ReadonlyMap<number, number> {
    const { honest, needed, early } = this.options;
    const row = new Map<number, number>();
    const free = (guess: Guess): readonly number[] => honest.filter((node) => !row.has(node) && !guess.holders.has(node));
    const give = (guess: Guess, count: number): void => {
      // Whoever has begun most guesses is the least use for completing others.
      const begun = (node: number): number => this.pending.filter(({ holders }) => holders.has(node)).length;
      for (const node of [...free(guess)].sort((a, b) => begun(b) - begun(a)).slice(0, count)) {
        row.set(node, guess.name);
        guess.holders.add(node);
      }
    };
    const left: Guess[] = [];
    for (const guess of this.pending) {
      const missing = needed - guess.holders.size;
      if (free(guess).length >= missing) give(guess, missing);
      else left.push(guess);
    }
    this.pending = left;
    while (honest.length - row.size >= needed) give(this.begin(), needed);
    while (!last && row.size < honest.length) {
      const guess = this.begin();
      give(guess, Math.min(early, needed - 1));
      this.pending = [...this.pending, guess];
    }
    return row;
  }

  private begin(): Guess {
    return { name: this.names++, holders: new Set() };
  }
}
