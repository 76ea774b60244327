import { Injectable } from '@nestjs/common';
import { bundleLog } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { BundleLog } from './bundle-log.js';

@Injectable()
export class NatsBundleLog extends BundleLog {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async proof(note: string): Promise<string> {
    return (await this.bus.call(bundleLog, { note })).proof;
  }
}
