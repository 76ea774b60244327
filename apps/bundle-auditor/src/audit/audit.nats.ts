import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { bundleCountersign } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { AuditService } from './audit.service.js';

@Injectable()
export class AuditDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly audits: AuditService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(bundleCountersign, async ({ text }) => ({ signatureLine: await this.audits.countersign(text) }));
  }
}
