import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Clock } from '@strongroom/platform';
import type { HttpRequest } from '../http/http-request.js';
import { RateLimits } from './rate-limits.js';

/** Stands before everything that costs work, the token's signature included. */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    this.limits.takeAddress(context.switchToHttp().getRequest<HttpRequest>().ip, this.clock.nowMs());
    return true;
  }
}
