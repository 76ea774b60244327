import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { developmentTokenRequest, type developmentTokenResponse } from '@strongroom/contracts';
import { Clock, mintDevelopmentToken } from '@strongroom/platform';
import type { z } from 'zod';
import { fromText } from '../encoding/base64url.js';
import { parsed } from '../encoding/parsed.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';

const TTL_MS = 3_600_000;

/** Hands out tokens to anyone. Part of the application only with the development issuer and outside production. */
@Controller('v1/development')
@UseGuards(AddressLimitGuard)
export class DevelopmentIssuerHttp {
  constructor(private readonly clock: Clock) {}

  @Post('tokens')
  @HttpCode(201)
  async issue(@Body() body: unknown): Promise<z.infer<typeof developmentTokenResponse>> {
    const { sub, bindingKey, roles } = parsed(developmentTokenRequest, body);
    const nowMs = this.clock.nowMs();
    const token = await mintDevelopmentToken({ sub, bindingKey: fromText(bindingKey, 'bindingKey'), roles, nowMs, ttlMs: TTL_MS });
    return { token, expiresAtMs: nowMs + TTL_MS };
  }
}
