import { Controller, Get, UseGuards } from '@nestjs/common';
import type { bundleResponse } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import type { z } from 'zod';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import { BundleService } from './bundle.service.js';

@Controller('v1/fleet-bundle')
@UseGuards(AddressLimitGuard)
export class BundleHttp {
  constructor(private readonly bundles: BundleService) {}

  /** The newest bundle; public, as anyone may check it. */
  @Get()
  read(): z.infer<typeof bundleResponse> {
    if (this.bundles.epoch === 0) throw new VaultError('NOT_FOUND', 'no bundle was published yet');
    const { verified, digest, note } = this.bundles.current;
    return { epoch: verified.bundle.epoch, digest, note };
  }
}
