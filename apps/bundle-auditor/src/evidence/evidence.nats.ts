import { Injectable } from '@nestjs/common';
import { evidenceRead } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import type { FleetEvidence } from '@strongroom/transparency';
import { EvidenceSource } from './evidence.js';

@Injectable()
export class NatsEvidenceSource extends EvidenceSource {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async evidence(): Promise<readonly FleetEvidence[]> {
    const { fleets } = await this.bus.call(evidenceRead, {});
    return fleets.map(({ fleetId, epoch, state, parameters, statements }) => ({ fleetId, epoch, state, ...parameters, statements }));
  }
}
