import { Body, Controller, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { attemptRequest, type attemptResponse, BUNDLE_HEADER, confirmRequest, type confirmResponse } from '@strongroom/contracts';
import { fromHex, invalid } from '@strongroom/protocol';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { parsed } from '../encoding/parsed.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import type { Account } from '../token/account.js';
import { AccountGuard, CurrentAccount } from '../token/account.guard.js';
import { AttemptsService } from './attempts.service.js';
import { ConfirmService } from './confirm.service.js';

@Controller('v1/attempts')
@UseGuards(AddressLimitGuard, AccountGuard)
export class AttemptsHttp {
  constructor(
    private readonly attempts: AttemptsService,
    private readonly confirmations: ConfirmService,
    private readonly bundles: BundleService,
  ) {}

  @Post()
  @HttpCode(200)
  async attempt(
    @CurrentAccount() account: Account,
    @Headers(BUNDLE_HEADER) held: unknown,
    @Body() body: unknown,
  ): Promise<z.infer<typeof attemptResponse>> {
    const inline = this.bundles.inline(held);
    return { ...(await this.attempts.attempt(account, parsed(attemptRequest, body))), ...inline };
  }

  @Post(':id/confirm')
  @HttpCode(200)
  async confirm(
    @CurrentAccount() account: Account,
    @Headers(BUNDLE_HEADER) held: unknown,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<z.infer<typeof confirmResponse>> {
    const inline = this.bundles.inline(held);
    const attemptId = fromHex(id, 'id');
    if (attemptId.length !== 32) throw invalid('id', 'must be 32 bytes');
    return { ...(await this.confirmations.confirm(account, attemptId, parsed(confirmRequest, body))), ...inline };
  }
}
