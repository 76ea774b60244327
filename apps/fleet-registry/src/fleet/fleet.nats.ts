import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { fleetCreate, fleetList, fleetRefresh, fleetReplaceNode, fleetSetState } from '@strongroom/contracts';
import { Bus, OperatorGate } from '@strongroom/platform';
import { FleetService } from './fleet.service.js';

@Injectable()
export class FleetDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly operators: OperatorGate,
    private readonly fleets: FleetService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(fleetCreate, async ({ operatorToken, ...request }) => {
      await this.operators.demand(operatorToken);
      return this.fleets.create(request);
    });
    await this.bus.serve(fleetList, async ({ operatorToken }) => {
      await this.operators.demand(operatorToken);
      return { fleets: [...(await this.fleets.list())] };
    });
    await this.bus.serve(fleetReplaceNode, async ({ operatorToken, fleetId, node, member }) => {
      await this.operators.demand(operatorToken);
      return this.fleets.replaceNode(fleetId, { node, member });
    });
    await this.bus.serve(fleetRefresh, async ({ operatorToken, fleetId }) => {
      await this.operators.demand(operatorToken);
      return this.fleets.refresh(fleetId);
    });
    await this.bus.serve(fleetSetState, async ({ operatorToken, fleetId, state }) => {
      await this.operators.demand(operatorToken);
      return this.fleets.setState(fleetId, state);
    });
  }
}
