import { isBoundTo, type TokenVerifier } from '@strongroom/platform';
import { accountId, equal, VaultError, verifyEntrySignature, type Entry, type SignatureVerifier } from '@strongroom/protocol';
import { EntryAuthority, type TokenStanding } from './entry-authority.js';

/** EntryAuthority over JWTs bound to a key (RFC 7800). */
export class TokenEntryAuthority extends EntryAuthority {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly signatures: SignatureVerifier,
  ) {
    super();
  }

  async check(entry: Entry, nowMs: number): Promise<TokenStanding> {
    // Before the token: it needs no issuer's keys, so a stranger cannot make the node fetch them.
    if (!verifyEntrySignature(entry, this.signatures)) throw refused('signature');
    const { status, claims } = await this.tokens.verify(entry.token, nowMs);
    if (!isBoundTo(claims, entry.core.bindingKey)) throw refused('cnf');
    if (!equal(accountId(claims.iss, claims.sub), entry.core.uid)) throw refused('uid');
    return status;
  }
}

function refused(check: string): VaultError {
  return new VaultError('TOKEN_INVALID', `the entry is not backed by its token: ${check}`, { check });
}
