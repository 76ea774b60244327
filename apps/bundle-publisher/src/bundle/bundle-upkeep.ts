import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from '@strongroom/platform';
import { BundleService } from './bundle.service.js';

const EVERY_MS = 60_000;

/** What nobody asks for: finishes the draft that a crash left, and publishes the proof anew when witnesses saw it later. */
@Injectable()
export class BundleUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bundles: BundleService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MS);
    this.timer.unref();
    void this.run();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    try {
      await this.bundles.finishLeftover();
      if (await this.bundles.renewProof()) this.log.info({ event: 'bundle.proof-renewed' });
    } catch (error) {
      // Whoever was away is asked again in a minute.
      this.log.warn({ event: 'bundle.upkeep-failed', reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
