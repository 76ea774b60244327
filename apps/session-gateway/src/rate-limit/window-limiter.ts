/**
 * Counts events of a key over a sliding minute, in bounded memory: the last window weighs in with the part of it that
 * the sliding minute still covers. Own code, because limiters that keep a timer for every key let a stranger with many
 * addresses fill the memory. When the table is full, keys that are new in this window share one counter.
 */
export class WindowLimiter {
  private startMs = 0;
  private current = new Map<string, number>();
  private previous: ReadonlyMap<string, number> = new Map();

  /** @param perWindow events allowed of one key in `windowMs` @param maxKeys keys counted apart in one window */
  constructor(
    private readonly perWindow: number,
    private readonly maxKeys = 100_000,
    private readonly windowMs = 60_000,
  ) {}

  /** Counts one event. @returns undefined when it is allowed, else when to come back, in milliseconds since 1970 */
  take(key: string, nowMs: number): number | undefined {
    this.turn(nowMs);
    const counted = this.keyFor(key);
    const used = this.current.get(counted) ?? 0;
    const share = 1 - (nowMs - this.startMs) / this.windowMs;
    if (used + (this.previous.get(counted) ?? 0) * share + 1 > this.perWindow) return this.retryAt(counted, used);
    this.current.set(counted, used + 1);
    return undefined;
  }

  /** The first moment at which one more event fits. */
  private retryAt(key: string, used: number): number {
    const before = this.previous.get(key) ?? 0;
    const endMs = this.startMs + this.windowMs;
    // In this window only the weight of the last one falls; once `used` alone is too much, the next window must do it.
    if (used + 1 <= this.perWindow) return Math.ceil(endMs - ((this.perWindow - used - 1) / before) * this.windowMs);
    return Math.ceil(endMs + (1 - (this.perWindow - 1) / used) * this.windowMs);
  }

  private keyFor(key: string): string {
    return this.current.has(key) || this.current.size < this.maxKeys ? key : '';
  }

  private turn(nowMs: number): void {
    const passed = Math.floor((nowMs - this.startMs) / this.windowMs);
    if (passed === 0) return;
    this.previous = passed === 1 ? this.current : new Map();
    this.current = new Map();
    this.startMs = Math.floor(nowMs / this.windowMs) * this.windowMs;
  }
}
