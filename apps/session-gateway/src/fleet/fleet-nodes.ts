import { entrySubmit, type RpcContract } from '@strongroom/contracts';
import type { Bytes } from '@strongroom/protocol';
import type { Decided } from './decided.js';
import type { GatewayBus } from './gateway-bus.js';

/** The nodes of one fleet as the gateway reaches them. */
export class FleetNodes {
  constructor(
    private readonly bus: GatewayBus,
    private readonly fleetId: string,
  ) {}

  /** @throws VaultError as the node answered it, FLEET_UNAVAILABLE when it did not */
  ask<Req, Res>(node: number, contract: RpcContract<Req, Res>, request: Req, timeoutMs: number): Promise<Res> {
    return this.bus.call(contract, request, { node: `${this.fleetId}-${node}`, timeoutMs });
  }

  submit(node: number, entry: Bytes, timeoutMs: number): Promise<Decided> {
    return this.ask(node, entrySubmit, { entry }, timeoutMs);
  }
}
