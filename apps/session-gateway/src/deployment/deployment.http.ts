import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { deploymentRead, digestSchema, evidenceRead, type deploymentResponse, type fleetEvidenceResponse } from '@strongroom/contracts';
import type { z } from 'zod';
import { parsed } from '../encoding/parsed.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';

/** Public: nobody has to believe it, so nobody has to ask for it. */
@Controller('v1')
@UseGuards(AddressLimitGuard)
export class DeploymentHttp {
  constructor(private readonly bus: GatewayBus) {}

  @Get('fleet-evidence')
  @Header('access-control-allow-origin', '*')
  async evidence(): Promise<z.infer<typeof fleetEvidenceResponse>> {
    const { fleets } = await this.bus.call(evidenceRead, {});
    const decoder = new TextDecoder();
    return { fleets: fleets.map(({ statements, ...fleet }) => ({ ...fleet, statements: statements.map((each) => decoder.decode(each)) })) };
  }

  @Get('deployments/:digest')
  @Header('access-control-allow-origin', '*')
  deployment(@Param('digest') digest: string): Promise<z.infer<typeof deploymentResponse>> {
    return this.bus.call(deploymentRead, { digest: parsed(digestSchema, digest, 'digest') });
  }
}
