import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { bundleConsistency, bundleCurrent, bundlePropose } from '@strongroom/contracts';
import { Bus, OperatorGate } from '@strongroom/platform';
import { BundleService } from './bundle.service.js';

@Injectable()
export class BundleDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly operators: OperatorGate,
    private readonly bundles: BundleService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(bundleCurrent, () => this.bundles.current());
    await this.bus.serve(bundleConsistency, async ({ oldSize, newSize }) => ({
      proof: [...(await this.bundles.consistency(oldSize, newSize))],
    }));
    await this.bus.serve(bundlePropose, async ({ operatorToken }) => {
      await this.operators.demand(operatorToken);
      return this.bundles.propose(operatorToken);
    });
  }
}
