import { VaultError } from '@strongroom/protocol';
import type { Clock } from '../clock/clock.js';
import { tokenInvalid } from './token-claims.js';
import type { TokenVerifier } from './token-verifier.js';

/**
 * Lets operators in, by their token. Every service that acts for an operator asks it again, because the gateway is
 * trusted for availability only (PROTOCOL 1).
 */
export class OperatorGate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly clock: Clock,
  ) {}

  /** @throws TOKEN_INVALID unless the token is valid now, FORBIDDEN without the role `operator` */
  async demand(operatorToken: string): Promise<void> {
    const { status, claims } = await this.tokens.verify(operatorToken, this.clock.nowMs());
    if (status !== 'valid') throw tokenInvalid('exp');
    if (!claims.roles.includes('operator')) throw new VaultError('FORBIDDEN', 'this needs the role operator');
  }
}
