import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { logSizeSchema, type bundleResponse, type consistencyResponse } from '@strongroom/contracts';
import { invalid, toBase64url, VaultError } from '@strongroom/protocol';
import type { z } from 'zod';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import { BundleService } from './bundle.service.js';

@Controller('v1/fleet-bundle')
@UseGuards(AddressLimitGuard)
export class BundleHttp {
  constructor(private readonly bundles: BundleService) {}

  /** The newest bundle; public, as anyone may check it, in a page of any origin too. */
  @Get()
  @Header('access-control-allow-origin', '*')
  read(): z.infer<typeof bundleResponse> {
    if (this.bundles.epoch === 0) throw new VaultError('NOT_FOUND', 'no bundle was published yet');
    const { verified, digest, note } = this.bundles.current;
    return { epoch: verified.bundle.epoch, digest, note };
  }

  /** That the log of the bundles only grew between two sizes; public, as anyone may check it. */
  @Get('consistency/:oldSize/:newSize')
  @Header('access-control-allow-origin', '*')
  async consistency(@Param('oldSize') oldSize: string, @Param('newSize') newSize: string): Promise<z.infer<typeof consistencyResponse>> {
    const proof = await this.bundles.consistency(sizeOf(oldSize, 'oldSize'), sizeOf(newSize, 'newSize'));
    return { proof: proof.map(toBase64url) };
  }
}

/** @throws REQUEST_INVALID naming the parameter */
function sizeOf(text: string, field: string): number {
  const size = /^[1-9]\d{0,15}$/.test(text) ? logSizeSchema.safeParse(Number(text)) : undefined;
  if (size?.success !== true) throw invalid(field, 'is not a number of bundles');
  return size.data;
}
