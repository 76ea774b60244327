import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { deploymentRead, deploymentSubmit, type ResponseOf } from '@strongroom/contracts';
import { Bus, OperatorGate } from '@strongroom/platform';
import { DeploymentService } from './deployment.service.js';
import type { SignedDeployment } from './deployment.js';

@Injectable()
export class DeploymentDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly operators: OperatorGate,
    private readonly deployments: DeploymentService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(deploymentSubmit, async ({ operatorToken, envelope }) => {
      await this.operators.demand(operatorToken);
      return viewOf(await this.deployments.submit(envelope));
    });
    await this.bus.serve(deploymentRead, async ({ digest }) => viewOf(await this.deployments.read(digest)));
  }
}

function viewOf({ digest, envelope }: SignedDeployment): ResponseOf<typeof deploymentRead> {
  return { digest, envelope };
}
