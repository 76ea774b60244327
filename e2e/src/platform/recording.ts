import type { BusObserver, Log, LogFields } from '@strongroom/platform';

/** Keeps what is logged, and lets a test wait for an event instead of for time to pass. */
export class RecordingLog implements Log {
  readonly lines: LogFields[] = [];
  private readonly waiting: { readonly event: string; readonly resolve: () => void }[] = [];

  /** Resolves at the next line with this event. */
  next(event: string): Promise<void> {
    return new Promise((resolve) => this.waiting.push({ event, resolve }));
  }

  debug = (fields: LogFields): void => this.record(fields);
  info = (fields: LogFields): void => this.record(fields);
  warn = (fields: LogFields): void => this.record(fields);
  error = (fields: LogFields): void => this.record(fields);
  fatal = (fields: LogFields): void => this.record(fields);

  private record(fields: LogFields): void {
    this.lines.push(fields);
    for (const { event, resolve } of this.waiting) if (event === fields['event']) resolve();
  }
}

/** Counts what a bus dropped, by reason. */
export class RecordingObserver implements BusObserver {
  readonly outcomes: string[] = [];
  readonly drops: string[] = [];

  served(_subject: string, outcome: string): void {
    this.outcomes.push(outcome);
  }

  dropped(_subject: string, reason: string): void {
    this.drops.push(reason);
  }
}
