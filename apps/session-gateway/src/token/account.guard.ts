import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Clock, TokenVerifier } from '@strongroom/platform';
import type { HttpRequest } from '../http/http-request.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { accountOf, requireRole, tokenInvalid, type Account } from './account.js';

/** Lets in whoever carries a valid account token and asks no more often than an account may. */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly clock: Clock,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const nowMs = this.clock.nowMs();
    request.account = await accountOf(request.headers['authorization'], this.tokens, nowMs);
    this.limits.takeAccount(request.account.uid, nowMs);
    return true;
  }
}

/** Comes after AccountGuard. The registry and the publisher check the role again. */
@Injectable()
export class OperatorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    requireRole(current(context), 'operator');
    return true;
  }
}

/** The account that AccountGuard let in. */
export const CurrentAccount: () => ParameterDecorator = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  current(context),
);

/** A route that forgot its guard serves nobody. */
function current(context: ExecutionContext): Account {
  const { account } = context.switchToHttp().getRequest<HttpRequest>();
  if (account === undefined) throw tokenInvalid('authorization');
  return account;
}
