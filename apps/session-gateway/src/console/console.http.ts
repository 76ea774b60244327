import { Controller, Get, Redirect, Req, Res, UseGuards } from '@nestjs/common';
import { VaultError } from '@strongroom/protocol';
import type { HttpReply, HttpRequest } from '../http/http-request.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import { ConsolePages } from './console-pages.js';

/** Pages for people; each is one file that needs no other. */
@Controller('console')
@UseGuards(AddressLimitGuard)
export class ConsoleHttp {
  constructor(private readonly pages: ConsolePages) {}

  @Get()
  @Redirect('/console/audit', 302)
  start(): void {}

  @Get('audit')
  audit(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Buffer | undefined {
    const page = this.pages.page('audit');
    if (!page) throw new VaultError('NOT_FOUND', 'this gateway serves no console');
    const { html, gzipped, etag, policy } = page;
    reply
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cross-origin-resource-policy', 'same-origin')
      .header('x-frame-options', 'DENY')
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-encoding')
      .header('etag', etag);
    if (request.headers['if-none-match'] === etag) {
      reply.code(304);
      return undefined;
    }
    reply.header('content-type', 'text/html; charset=utf-8');
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return html;
    reply.header('content-encoding', 'gzip');
    return gzipped;
  }
}
