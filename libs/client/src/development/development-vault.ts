import { openBindingKey } from '../account/binding-key.js';
import type { VaultClientOptions } from '../client-options.js';
import { systemClock } from '../platform/clock.js';
import { VaultClient } from '../vault-client.js';
import { developmentTokens } from './development-tokens.js';

export interface DevelopmentVaultOptions extends Omit<VaultClientOptions, 'accountToken' | 'bindingKey'> {
  /** Any name; everybody who gives the same one has the same account. */
  readonly account: string;
}

/**
 * A client of a vault that runs for development, with tokens of its public issuer and a binding key kept in the device
 * store. A vault in production hands out no such tokens: make a `VaultClient` with `accountToken` of your issuer there.
 * @param options as for `VaultClient`, with the account's name in place of tokens
 * @throws REQUEST_INVALID as `VaultClient`
 */
export async function developmentVault({ account, ...options }: DevelopmentVaultOptions): Promise<VaultClient> {
  const bindingKey = await openBindingKey(options.deviceStore, options.random);
  const gatewayUrl = options.gatewayUrl.replace(/\/+$/, '');
  const nowMs = (): number => (options.clock ?? systemClock).nowMs();
  const accountToken = developmentTokens({ gatewayUrl, account, bindingKey: bindingKey.publicKey, nowMs });
  return new VaultClient({ ...options, bindingKey, accountToken });
}
