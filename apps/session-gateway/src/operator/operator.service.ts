import { Injectable } from '@nestjs/common';
import {
  bundlePropose,
  enrolmentList,
  fleetCreate,
  fleetList,
  fleetRefresh,
  fleetReplaceNode,
  fleetSetState,
  type createFleetRequest,
  type RequestOf,
  type ResponseOf,
  type setFleetStateRequest,
} from '@strongroom/contracts';
import type { z } from 'zod';
import { GatewayBus } from '../fleet/gateway-bus.js';

export type EnrolmentsView = ResponseOf<typeof enrolmentList>;
export type FleetsView = ResponseOf<typeof fleetList>;
export type FleetView = ResponseOf<typeof fleetCreate>;
export type BundleView = ResponseOf<typeof bundlePropose>;

/** Passes an operator's requests on with the operator's own token, which registry and publisher check again. */
@Injectable()
export class OperatorService {
  constructor(private readonly bus: GatewayBus) {}

  enrolments(operatorToken: string): Promise<EnrolmentsView> {
    return this.bus.call(enrolmentList, { operatorToken });
  }

  fleets(operatorToken: string): Promise<FleetsView> {
    return this.bus.call(fleetList, { operatorToken });
  }

  createFleet(operatorToken: string, request: z.infer<typeof createFleetRequest>): Promise<FleetView> {
    return this.bus.call(fleetCreate, { operatorToken, ...request });
  }

  setFleetState(operatorToken: string, fleetId: string, state: z.infer<typeof setFleetStateRequest>['state']): Promise<FleetView> {
    return this.bus.call(fleetSetState, { operatorToken, fleetId, state });
  }

  replaceNode(operatorToken: string, request: Omit<RequestOf<typeof fleetReplaceNode>, 'operatorToken'>): Promise<FleetView> {
    return this.bus.call(fleetReplaceNode, { operatorToken, ...request });
  }

  refreshFleet(operatorToken: string, fleetId: string): Promise<FleetView> {
    return this.bus.call(fleetRefresh, { operatorToken, fleetId });
  }

  proposeBundle(operatorToken: string): Promise<BundleView> {
    return this.bus.call(bundlePropose, { operatorToken });
  }
}
