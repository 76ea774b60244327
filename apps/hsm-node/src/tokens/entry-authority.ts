import type { Entry } from '@strongroom/protocol';

/** `expired` still counts for a value that q promises demand, and never for a free choice (PROTOCOL 4.3). */
export type TokenStanding = 'valid' | 'expired';

/** Who may append to an account's log (PROTOCOL 4.5), judged in the node and not only in the gateway. */
export abstract class EntryAuthority {
  /**
   * Checks the account token's signature by its issuer, that it is bound to the key that the entry names, that the
   * entry's uid is the token's account, and the entry's signature by that key.
   * @param entry parsed, not yet believed
   * @param nowMs milliseconds since 1970: what `expired` is judged by
   * @throws TOKEN_INVALID when any of it fails
   */
  abstract check(entry: Entry, nowMs: number): Promise<TokenStanding>;
}
