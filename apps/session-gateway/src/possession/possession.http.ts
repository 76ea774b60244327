import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { digestSchema, fleetIdSchema, nodePossession, type possessionResponse } from '@strongroom/contracts';
import { fromHex, toBase64url } from '@strongroom/protocol';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { fleetNamed } from '../bundle/fleet-directory.js';
import { parsed } from '../encoding/parsed.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';

/** A node that is up answers within milliseconds, and the others are told as silent. */
const ANSWER_WITHIN_MS = 1_000;

/** Public: passes a stranger's nonce on to the nodes. What they answer is signed for it, so this service cannot make it up. */
@Controller('v1/fleets')
@UseGuards(AddressLimitGuard)
export class PossessionHttp {
  constructor(
    private readonly bundles: BundleService,
    private readonly bus: GatewayBus,
  ) {}

  @Get(':fleetId/possession/:nonce')
  @Header('access-control-allow-origin', '*')
  async possession(@Param('fleetId') fleetId: string, @Param('nonce') nonce: string): Promise<z.infer<typeof possessionResponse>> {
    const request = { nonce: fromHex(parsed(digestSchema, nonce, 'nonce')) };
    const { members } = fleetNamed(this.bundles.current, parsed(fleetIdSchema, fleetId, 'fleetId'));
    const nodes = new FleetNodes(this.bus, fleetId);
    const answers = await Promise.allSettled(
      members.map(async ({ index: node }) => {
        const { signature, ...said } = await nodes.ask(node, nodePossession, request, ANSWER_WITHIN_MS);
        return { node, ...said, signature: toBase64url(signature) };
      }),
    );
    return { nodes: answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])) };
  }
}
