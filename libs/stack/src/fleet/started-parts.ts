const BROKEN_OFF = 'the start was broken off';

/** What a start has brought up so far, so that a start that fails or is broken off leaves nothing behind. */
export class StartedParts {
  private readonly stops: (() => Promise<unknown>)[] = [];
  private readonly pending = new Set<Promise<unknown>>();
  private ending: Promise<void> | undefined;
  /** Milliseconds by part. */
  readonly startMs: Record<string, number> = {};

  /** Waits for a part and keeps how it is stopped and how long it took. @throws Error when the whole was stopped meanwhile */
  take<T extends { stop(): Promise<unknown> }>(name: string, part: Promise<T>): Promise<T> {
    const taken = this.keep(name, part);
    this.pending.add(taken);
    void taken.catch(() => undefined).finally(() => this.pending.delete(taken));
    return taken;
  }

  /** Waits for a step and keeps how long it took. */
  async timed<T>(name: string, step: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const done = await step;
    this.startMs[name] = Math.round(performance.now() - startedAt);
    return done;
  }

  /** Registers what is stopped before everything registered so far. @throws Error when the whole was stopped: start nothing then */
  onStop(stop: () => Promise<unknown>): void {
    if (this.ending !== undefined) throw new Error(BROKEN_OFF);
    this.stops.push(stop);
  }

  /**
   * Stops in the opposite order of the start, going on when one of them fails, and waits for parts that are still
   * starting: whoever removes their folder afterwards removes it for good.
   * @throws AggregateError afterwards
   */
  stop(): Promise<void> {
    this.ending ??= this.stopAll();
    return this.ending;
  }

  private async keep<T extends { stop(): Promise<unknown> }>(name: string, part: Promise<T>): Promise<T> {
    const started = await this.timed(name, part);
    if (this.ending !== undefined) {
      await started.stop();
      throw new Error(BROKEN_OFF);
    }
    this.stops.push(() => started.stop());
    return started;
  }

  private async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const stop of this.stops.reverse()) await stop().catch((error: unknown) => failures.push(error));
    await Promise.allSettled(this.pending);
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped');
  }
}
