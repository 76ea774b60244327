/** Enough for a steady figure, few enough to follow a change of load within a second. */
const KEPT = 31;

/**
 * The median time of the last answers, in milliseconds. The median, because a slow or dead minority of the nodes must
 * not move it: it tells a fleet that is slow throughout from one with a slow node.
 */
export class TypicalTime {
  private readonly times: number[] = [];
  private next = 0;
  private median = 0;

  /** 0 before the first answer. */
  get ms(): number {
    return this.median;
  }

  observe(ms: number): void {
    this.times[this.next] = ms;
    this.next = (this.next + 1) % KEPT;
    const sorted = [...this.times].sort((a, b) => a - b);
    this.median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  }
}
