import { Injectable } from '@nestjs/common';
import { evidenceRead, fleetSetState } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import type { FleetEvidence } from '@strongroom/transparency';
import { Registry } from './registry.js';

@Injectable()
export class NatsRegistry extends Registry {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async evidence(): Promise<readonly FleetEvidence[]> {
    const { fleets } = await this.bus.call(evidenceRead, {});
    return fleets.map(({ fleetId, epoch, state, parameters, statements }) => ({ fleetId, epoch, state, ...parameters, statements }));
  }

  override async markActive(fleetId: string, operatorToken: string): Promise<void> {
    await this.bus.call(fleetSetState, { operatorToken, fleetId, state: 'active' });
  }
}
