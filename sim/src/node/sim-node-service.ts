import { FleetNodeService } from '../../../apps/hsm-node/dist/node/fleet-node.service.js';
import type { NodeParts } from '../../../apps/hsm-node/dist/node/node-parts.js';
import type { RosterSource } from '../../../apps/hsm-node/dist/roster/roster-source.js';

/** The node's own service; what would end the process ends the simulated one. */
export class SimNodeService extends FleetNodeService {
  constructor(
    parts: NodeParts,
    rosters: RosterSource,
    private readonly end: (error: unknown) => void,
  ) {
    super(parts, rosters);
  }

  protected override report(error: unknown): void {
    if (!(error instanceof Error) || error.name !== 'AbortError') this.end(error);
  }
}
