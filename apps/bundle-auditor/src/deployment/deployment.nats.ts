import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { deploymentCountersign } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { DeploymentAudit } from './deployment.service.js';

@Injectable()
export class DeploymentDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly deployments: DeploymentAudit,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(deploymentCountersign, async ({ envelope }) => ({ envelope: await this.deployments.countersign(envelope) }));
  }
}
