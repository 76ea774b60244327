import { VaultError } from '@strongroom/protocol';
import type { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { Life } from '../time/event-queue.js';
import type { SimTime } from '../time/sim-time.js';
import type { Platter } from './platter.js';

/** What a process asked of its disk and what is not flushed yet. */
interface Pending {
  readonly apply: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** When the process ends at its next write: before that is durable, or after it and before anybody is told. */
export type CrashPoint = 'before' | 'after';

/**
 * The disk as one process has it: writes become durable in their order, one flush after the other, each after a while.
 * When the process ends, what was not flushed is lost, or some of it is durable although nobody was told.
 */
export class SimDisk {
  crashAt: CrashPoint | null = null;
  onCrash: () => void = () => undefined;
  /** So many of the next flushes are refused, as by a full disk. */
  refusals = 0;
  slowMs = 0;
  private readonly pending: Pending[] = [];
  private flushing = false;

  constructor(
    readonly platter: Platter,
    readonly life: Life,
    private readonly time: SimTime,
    private readonly random: SeededRandom,
    private readonly faults: FaultCounts,
  ) {}

  /** Durable when it resolves. @throws INTERNAL when the disk refuses */
  write(apply: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.life.alive) return;
      if (this.crashAt === 'before') {
        this.crashAt = null;
        this.faults.crashBeforeFlush += 1;
        this.time.after(0, this.life, 'crash', () => this.onCrash());
        return;
      }
      this.pending.push({ apply, resolve, reject });
      if (!this.flushing) this.flushNext();
    });
  }

  /** The power went: each write that was under way is lost, or the first of them are durable and the others not. */
  cut(): void {
    const kept = this.pending.length === 0 || this.random.chance(60) ? 0 : 1 + this.random.below(this.pending.length);
    for (const { apply } of this.pending.slice(0, kept)) apply();
    if (kept > 0) this.faults.tornWrite += 1;
    this.faults.lostWrite += this.pending.length - kept;
    this.pending.length = 0;
  }

  private flushNext(): void {
    this.flushing = this.pending.length > 0;
    if (!this.flushing) return;
    this.time.after(1 + this.random.below(2) + this.slowMs, this.life, 'flush', () => this.finish());
  }

  private finish(): void {
    const write = this.pending.shift();
    if (write === undefined) return;
    if (this.refusals > 0) {
      this.refusals -= 1;
      this.faults.diskFull += 1;
      write.reject(new VaultError('INTERNAL', 'the disk is full'));
    } else {
      write.apply();
      if (this.crashAt === 'after') {
        this.crashAt = null;
        this.faults.crashAfterFlush += 1;
        this.onCrash();
        return;
      }
      write.resolve();
    }
    this.flushNext();
  }
}
