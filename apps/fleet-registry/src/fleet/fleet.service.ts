import { Injectable } from '@nestjs/common';
import type { FleetLifecycle } from '@strongroom/transparency';
import { invalid, VaultError } from '@strongroom/protocol';
import { formFleet, moveFleet, refreshFleet, replaceNode, type Fleet, type FleetRequest, type Replacement } from './fleet.js';
import { FleetStore } from './fleet.store.js';
import { FleetPolicy } from './fleet.policy.js';

@Injectable()
export class FleetService {
  constructor(
    private readonly store: FleetStore,
    private readonly policy: FleetPolicy,
  ) {}

  /** @throws REQUEST_INVALID, NOT_FOUND, CONFLICT as `formFleet` says */
  create(request: FleetRequest): Promise<Fleet> {
    if (request.parameters.ksf === 'none' && !this.policy.allowBenchSuite) {
      throw invalid('parameters', 'the bench suite is refused in production');
    }
    return this.store.form(request.members, (surroundings) => formFleet(request, surroundings));
  }

  /** @throws NOT_FOUND, CONFLICT */
  setState(fleetId: string, state: FleetLifecycle): Promise<Fleet> {
    return this.store.move(fleetId, (fleet) => moveFleet(fleet, state));
  }

  /** @throws NOT_FOUND, and as `replaceNode` says */
  replaceNode(fleetId: string, replacement: Replacement): Promise<Fleet> {
    return this.store.form([replacement.member], (surroundings) => {
      const fleet = surroundings.fleets.find((one) => one.fleetId === fleetId);
      if (!fleet) throw new VaultError('NOT_FOUND', 'there is no such fleet', { field: 'fleetId' });
      return replaceNode(fleet, replacement, surroundings);
    });
  }

  /** @throws NOT_FOUND, and as `refreshFleet` says */
  refresh(fleetId: string): Promise<Fleet> {
    return this.store.move(fleetId, refreshFleet);
  }

  list(): Promise<readonly Fleet[]> {
    return this.store.list();
  }
}
