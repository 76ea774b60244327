import type { Socket } from 'node:net';

/** How long bytes are held, at least and at most, each way; nothing overtakes. */
export interface Delay {
  readonly leastMs: number;
  readonly mostMs: number;
}

interface Held {
  readonly bytes: Buffer;
  readonly dueAt: number;
}

/** As much as one direction keeps before it stops reading, as a router's buffer would. */
const MOST_HELD_BYTES = 4 << 20;

/** One way of a relayed connection: bytes in the order in which they came, at once, later, or not for now. */
export class Direction {
  private readonly queue: Held[] = [];
  private held = 0;
  private stalled = false;
  private delay: Delay | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly fraction: () => number,
  ) {
    from.on('data', (bytes) => this.take(bytes));
    to.on('drain', () => this.flow());
  }

  set({ stalled, delay }: { readonly stalled: boolean; readonly delay: Delay | null }): void {
    this.stalled = stalled;
    this.delay = delay;
    this.flow();
  }

  close(): void {
    clearTimeout(this.timer);
    this.queue.length = 0;
  }

  private take(bytes: Buffer): void {
    const { leastMs, mostMs } = this.delay ?? { leastMs: 0, mostMs: 0 };
    this.queue.push({ bytes, dueAt: performance.now() + leastMs + this.fraction() * (mostMs - leastMs) });
    this.held += bytes.length;
    this.flow();
  }

  private flow(): void {
    clearTimeout(this.timer);
    for (let next = this.queue[0]; next !== undefined && !this.stalled; next = this.queue[0]) {
      const waitMs = this.delay === null ? 0 : next.dueAt - performance.now();
      if (waitMs > 0) {
        this.timer = setTimeout(() => this.flow(), waitMs);
        break;
      }
      this.queue.shift();
      this.held -= next.bytes.length;
      if (!this.to.destroyed && !this.to.write(next.bytes)) break;
    }
    if (this.held > MOST_HELD_BYTES || this.to.writableNeedDrain) this.from.pause();
    else this.from.resume();
  }
}
