/** How long answers are waited for, in milliseconds. */
export interface Patience {
  /** After this long without an answer the next node is asked as well (PROTOCOL 6.8). */
  readonly hedgeMs: number;
  /** After this long the request has failed. */
  readonly deadlineMs: number;
}

/**
 * One wait for nodes: hedges at an interval, gives up at a deadline, settles once. The two timers have constant
 * durations, which Node keeps in one list each, so thousands of waits cost two timers of the system.
 */
export abstract class Waiting<T> {
  readonly result: Promise<T>;
  private settle: { readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void } | undefined;
  private readonly hedgeTimer: ReturnType<typeof setInterval>;
  private readonly deadlineTimer: ReturnType<typeof setTimeout>;

  protected constructor({ hedgeMs, deadlineMs }: Patience) {
    this.result = new Promise<T>((resolve, reject) => (this.settle = { resolve, reject }));
    this.hedgeTimer = setInterval(() => this.onHedge(), hedgeMs);
    this.deadlineTimer = setTimeout(() => this.expire(), deadlineMs);
  }

  /** Whether somebody still waits: answers that come later are dropped. */
  protected get open(): boolean {
    return this.settle !== undefined;
  }

  protected abstract onHedge(): void;
  /** @returns what to settle with @throws what to fail with */
  protected abstract onDeadline(): T;

  protected resolve(value: T): void {
    this.finish()?.resolve(value);
  }

  protected reject(error: unknown): void {
    this.finish()?.reject(error);
  }

  private finish(): typeof this.settle {
    const { settle } = this;
    this.settle = undefined;
    clearInterval(this.hedgeTimer);
    clearTimeout(this.deadlineTimer);
    return settle;
  }

  private expire(): void {
    try {
      this.resolve(this.onDeadline());
    } catch (error) {
      this.reject(error);
    }
  }
}
