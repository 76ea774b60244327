import { DoorError, type HttpDoor } from './http-door.js';
import type { AttemptPool } from './prepared-attempts.js';
import { runRecovery, type Recovery } from './recovery.js';

export interface LoadOptions {
  readonly door: HttpDoor;
  readonly pool: AttemptPool;
  readonly concurrency: number;
  /** Shares needed. */
  readonly t: number;
  readonly warmupMs: number;
  /** Length of the measurement; null for a measurement of `recoveries`. */
  readonly measureMs: number | null;
  readonly recoveries: number | null;
  /** Every this many recoveries one is kept to be verified. */
  readonly verifyEvery: number;
  /** Told at the borders of the measurement, which other processes measure too. */
  readonly onMeasuring: () => void;
  readonly onMeasured: () => void;
}

export interface LoadFigures {
  readonly elapsedMs: number;
  readonly attemptMs: readonly number[];
  readonly confirmMs: readonly number[];
  readonly totalMs: readonly number[];
  readonly failures: Readonly<Record<string, number>>;
  readonly kept: readonly Recovery[];
}

/** More failures than this end the load: the fleet does not work, and figures would say nothing. */
const MAX_FAILURES = 100;

/** A closed loop: `concurrency` persons, each of whom recovers again as soon as the last recovery has ended. */
export class Load {
  private phase: 'warming' | 'measuring' | 'over' = 'warming';
  private measuringSince = 0;
  private readonly done: Recovery[] = [];
  private readonly kept: Recovery[] = [];
  private readonly failures = new Map<string, number>();
  private failed = 0;
  private elapsedMs = 0;

  constructor(private readonly options: LoadOptions) {}

  /** @throws Error when nearly nothing succeeds */
  async run(): Promise<LoadFigures> {
    const { warmupMs, concurrency } = this.options;
    const timer = setTimeout(() => this.begin(), warmupMs);
    await Promise.all(Array.from({ length: concurrency }, () => this.person()));
    clearTimeout(timer);
    if (this.failed > MAX_FAILURES) throw new Error(`${this.failed} recoveries failed: ${this.failureText()}`);
    return {
      elapsedMs: this.elapsedMs,
      attemptMs: this.done.map(({ attemptMs }) => attemptMs),
      confirmMs: this.done.map(({ confirmMs }) => confirmMs),
      totalMs: this.done.map(({ totalMs }) => totalMs),
      failures: Object.fromEntries(this.failures),
      kept: this.kept,
    };
  }

  private begin(): void {
    const { measureMs, onMeasuring } = this.options;
    this.phase = 'measuring';
    this.measuringSince = performance.now();
    onMeasuring();
    if (measureMs !== null) setTimeout(() => this.end(), measureMs);
  }

  private end(): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.elapsedMs = performance.now() - this.measuringSince;
    this.options.onMeasured();
  }

  private async person(): Promise<void> {
    const { door, pool, t } = this.options;
    while (this.phase !== 'over' && this.failed <= MAX_FAILURES) {
      const attempt = await pool.take();
      try {
        this.count(await runRecovery(door, attempt, t));
      } catch (error) {
        if (!(error instanceof DoorError)) throw error;
        this.failed += 1;
        this.failures.set(error.code, (this.failures.get(error.code) ?? 0) + 1);
      } finally {
        pool.done(attempt);
      }
    }
    this.end();
  }

  /** A recovery counts when it ends inside the measurement. */
  private count(recovery: Recovery): void {
    if (this.phase !== 'measuring') return;
    const { verifyEvery, recoveries } = this.options;
    if (this.done.length % verifyEvery === 0) this.kept.push(recovery);
    this.done.push(recovery);
    if (this.done.length === recoveries) this.end();
  }

  private failureText(): string {
    return [...this.failures].map(([code, count]) => `${count} ${code}`).join(', ');
  }
}
