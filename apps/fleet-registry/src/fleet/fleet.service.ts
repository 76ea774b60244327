import { Injectable } from '@nestjs/common';
import type { FleetLifecycle } from '@strongroom/transparency';
import { invalid } from '@strongroom/protocol';
import { formFleet, moveFleet, type Fleet, type FleetRequest } from './fleet.js';
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

  list(): Promise<readonly Fleet[]> {
    return this.store.list();
  }
}
