import type { Readable } from 'node:stream';
import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import type { HttpReply } from '../http/http-request.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import type { Account } from '../token/account.js';
import { AccountGuard, CurrentAccount, OperatorGuard } from '../token/account.guard.js';
import { LiveService } from './live.service.js';

@Controller('v1/operator/live')
@UseGuards(AddressLimitGuard, AccountGuard, OperatorGuard)
export class LiveHttp {
  constructor(private readonly live: LiveService) {}

  /** Server-sent events until the token expires, a quarter of an hour at most. */
  @Get()
  watch(@CurrentAccount() { claims }: Account, @Res({ passthrough: true }) reply: HttpReply): Readable {
    const stream = this.live.watch(claims.expiresAtMs);
    reply.header('content-type', 'text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    // A connection that outlives its stream would hold up the end of the gateway.
    reply.header('connection', 'close');
    return stream;
  }
}
