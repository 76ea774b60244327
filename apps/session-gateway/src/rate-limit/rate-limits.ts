import { VaultError, type Bytes } from '@strongroom/protocol';
import { addressKey } from './address-key.js';
import { WindowLimiter } from './window-limiter.js';

/** Requests a minute, `null` for no limit. */
export interface RateLimitSettings {
  readonly accountPerMinute: number | null;
  readonly addressPerMinute: number | null;
}

/**
 * How often one account and one address may ask. It protects the fleet from load; guesses are limited by the nodes'
 * own count (PROTOCOL 6.1), which no address or gateway can evade.
 */
export class RateLimits {
  private readonly accounts: WindowLimiter | undefined;
  private readonly addresses: WindowLimiter | undefined;

  constructor({ accountPerMinute, addressPerMinute }: RateLimitSettings) {
    this.accounts = accountPerMinute === null ? undefined : new WindowLimiter(accountPerMinute);
    this.addresses = addressPerMinute === null ? undefined : new WindowLimiter(addressPerMinute);
  }

  /** @throws RATE_LIMITED with the time to come back */
  takeAccount(uid: Bytes, nowMs: number): void {
    if (this.accounts === undefined) return;
    refuse(this.accounts.take(Buffer.from(uid).toString('latin1'), nowMs));
  }

  /** @throws RATE_LIMITED with the time to come back */
  takeAddress(address: string, nowMs: number): void {
    if (this.addresses !== undefined) refuse(this.addresses.take(addressKey(address), nowMs));
  }
}

function refuse(retryAtMs: number | undefined): void {
  if (retryAtMs !== undefined) throw new VaultError('RATE_LIMITED', 'too many requests in the last minute', { retryAtMs });
}
