import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { evidenceRead } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { FleetStore } from '../fleet/fleet.store.js';

/** What publisher and auditor derive bundles from. Public: nobody has to believe it, so nobody has to ask for it. */
@Injectable()
export class EvidenceDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly store: FleetStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(evidenceRead, async () => ({
      fleets: (await this.store.evidence()).map((fleet) => ({ ...fleet, statements: [...fleet.statements] })),
    }));
  }
}
