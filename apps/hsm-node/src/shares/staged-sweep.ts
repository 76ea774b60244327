import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Clock, Log } from '@strongroom/platform';
import type { DecidedRecords } from './decided-records.js';
import type { ShareVault } from './share-vault.js';

const EVERY_MS = 600_000;

/** Erases registrations that were cut short: their shares would otherwise outlive every decision about the account. */
export class StagedSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly vault: ShareVault,
    private readonly decided: DecidedRecords,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** A failure is logged and the versions stay for the next run. */
  async run(): Promise<void> {
    try {
      const erased = await this.vault.sweep(this.clock.nowMs(), (...version) => this.decided.isNeeded(...version));
      if (erased > 0) this.log.info({ event: 'shares.swept', erased });
    } catch (error) {
      this.log.error({ event: 'shares.sweep-failed', reason: String(error) });
    }
  }
}
