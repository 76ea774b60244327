import { within } from '../deadline/within.js';
import type { Log } from '../logging/log.js';

interface Closable {
  close(): Promise<void>;
}

const SHUTDOWN_DEADLINE_MS = 5_000;

/** SIGTERM and SIGINT: close what has started, at most 5 s; before that, or asked twice, end at once. */
export class ShutdownSignals {
  private app: Closable | undefined;
  private closing = false;

  constructor(private readonly log: Log) {
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void this.end(signal));
  }

  /** From now on a signal closes `app` first. */
  close(app: Closable): void {
    this.app = app;
  }

  private async end(signal: string): Promise<void> {
    this.log.info({ event: 'service.stopping', signal });
    if (this.app === undefined || this.closing) process.exit(1);
    this.closing = true;
    try {
      await within(this.app.close(), SHUTDOWN_DEADLINE_MS, () => new Error('did not end in time'));
      this.log.info({ event: 'service.stopped' });
      process.exit(0);
    } catch (error) {
      this.log.error({ event: 'service.stopped-hard', reason: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    }
  }
}

/** The state of a process after an unhandled failure is unknown, and with secrets that is no state to serve from. */
export function endOnUnhandled(log: Log): void {
  const end =
    (event: string) =>
    (error: unknown): never => {
      log.fatal({ event, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      process.exit(1);
    };
  process.on('unhandledRejection', end('service.unhandled-rejection'));
  process.on('uncaughtException', end('service.uncaught-exception'));
}
