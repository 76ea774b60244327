import type { RpcContract } from '@strongroom/contracts';
import type { Bus } from '@strongroom/platform';
import type { FleetRoster } from '@strongroom/protocol';

/** Calls to the other nodes of the fleet. */
export class PeerCalls {
  constructor(
    private readonly bus: Pick<Bus, 'call'>,
    private readonly roster: FleetRoster,
    private readonly self: number,
  ) {}

  get others(): readonly number[] {
    return this.roster.members.map(({ index }) => index).filter((index) => index !== this.self);
  }

  ask<Req, Res>(contract: RpcContract<Req, Res>, node: number, request: Req): Promise<Res> {
    return this.bus.call(contract, request, { node: `${this.roster.fleetId}-${node}` });
  }

  /** Asks all others at once. @returns the answers that came, with their nodes */
  async askAll<Req, Res>(
    contract: RpcContract<Req, Res>,
    request: Req,
  ): Promise<readonly { readonly node: number; readonly answer: Res }[]> {
    const asked = this.others.map(async (node) => ({ node, answer: await this.ask(contract, node, request) }));
    const settled = await Promise.allSettled(asked);
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }
}
