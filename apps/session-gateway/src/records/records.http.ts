import { Body, Controller, Delete, Get, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import {
  BUNDLE_HEADER,
  entryRequest,
  PROOF_HEADER,
  registerRequest,
  type entryResponse,
  type historyResponse,
  type statusResponse,
} from '@strongroom/contracts';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { parsed } from '../encoding/parsed.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import type { Account } from '../token/account.js';
import { AccountGuard, CurrentAccount } from '../token/account.guard.js';
import { HistoryService } from './history.service.js';
import { RecordsService } from './records.service.js';
import { StatusService } from './status.service.js';

type EntryResponse = z.infer<typeof entryResponse>;

@Controller('v1/records')
@UseGuards(AddressLimitGuard, AccountGuard)
export class RecordsHttp {
  constructor(
    private readonly records: RecordsService,
    private readonly statuses: StatusService,
    private readonly histories: HistoryService,
    private readonly bundles: BundleService,
  ) {}

  @Post()
  @HttpCode(201)
  async register(@CurrentAccount() account: Account, @Headers(BUNDLE_HEADER) held: unknown, @Body() body: unknown): Promise<EntryResponse> {
    const inline = this.bundles.inline(held);
    return { decided: await this.records.register(account, parsed(registerRequest, body)), ...inline };
  }

  @Get('me')
  async status(
    @CurrentAccount() account: Account,
    @Headers(BUNDLE_HEADER) held: unknown,
    @Headers(PROOF_HEADER) proof: unknown,
  ): Promise<z.infer<typeof statusResponse>> {
    const inline = this.bundles.inline(held);
    return { ...(await this.statuses.status(account, proof)), ...inline };
  }

  @Get('me/history')
  async history(
    @CurrentAccount() account: Account,
    @Headers(BUNDLE_HEADER) held: unknown,
    @Headers(PROOF_HEADER) proof: unknown,
  ): Promise<z.infer<typeof historyResponse>> {
    const inline = this.bundles.inline(held);
    return { ...(await this.histories.history(account, proof)), ...inline };
  }

  @Delete('me')
  @HttpCode(200)
  remove(@CurrentAccount() account: Account, @Headers(BUNDLE_HEADER) held: unknown, @Body() body: unknown): Promise<EntryResponse> {
    return this.decide(account, 'delete', held, body);
  }

  @Post('me/cancel')
  @HttpCode(200)
  cancel(@CurrentAccount() account: Account, @Headers(BUNDLE_HEADER) held: unknown, @Body() body: unknown): Promise<EntryResponse> {
    return this.decide(account, 'cancel', held, body);
  }

  private async decide(account: Account, kind: 'delete' | 'cancel', held: unknown, body: unknown): Promise<EntryResponse> {
    const inline = this.bundles.inline(held);
    return { decided: await this.records.decide(account, kind, parsed(entryRequest, body)), ...inline };
  }
}
