import type { OnApplicationBootstrap } from '@nestjs/common';
import { bundleLog } from '@strongroom/contracts';
import type { Bus } from '@strongroom/platform';
import type { BundleLogService } from './bundle-log.service.js';

export class BundleLogDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly bundles: BundleLogService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(bundleLog, async ({ note }) => ({ proof: await this.bundles.log(note) }));
  }
}
