/**
 * How many hedges the gateway may still make. A hedge helps against a few slow nodes; in a fleet in which everybody is
 * slow it only makes more work, takeovers of undecided entries above all, and slows all the rest until nothing else
 * is done. So each attempt earns a part of a hedge, and a reserve covers the moment in which a node dies.
 */
export class HedgeBudget {
  private held: number;

  /** @param perAttempt hedges that one attempt earns @param most hedges that can be saved up */
  constructor(
    private readonly perAttempt: number,
    private readonly most: number,
  ) {
    this.held = most;
  }

  earn(): void {
    this.held = Math.min(this.most, this.held + this.perAttempt);
  }

  /** Whether a hedge may be made now; it is paid for then. */
  spend(): boolean {
    if (this.held < 1) return false;
    this.held -= 1;
    return true;
  }
}
