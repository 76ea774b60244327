import { accountId, equal, VaultError, type Bytes } from '@strongroom/protocol';
import { isBoundTo, type TokenClaims, type TokenVerifier } from '@strongroom/platform';

/** Whom a verified bearer token speaks for. */
export interface Account {
  /** 32 bytes (PROTOCOL 2). It never reaches a log line or a metric label. */
  readonly uid: Bytes;
  readonly claims: TokenClaims;
  /** The token itself: nodes and services behind the gateway verify it again. */
  readonly token: string;
}

/** RFC 6750 section 2.1; the scheme's name in any case (RFC 9110 section 11.1). */
const BEARER = /^bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;

/** @throws TOKEN_INVALID with the failed check; FLEET_UNAVAILABLE when the issuer's keys cannot be fetched */
export async function accountOf(authorization: unknown, tokens: TokenVerifier, nowMs: number): Promise<Account> {
  const token = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw tokenInvalid('authorization');
  const { status, claims } = await tokens.verify(token, nowMs);
  if (status !== 'valid') throw tokenInvalid('exp');
  return { uid: accountId(claims.iss, claims.sub), claims, token };
}

/**
 * A message names its account and its key; both must be those of the token (PROTOCOL 4.5).
 * @throws TOKEN_INVALID naming `uid` or `cnf`
 */
export function requireOwn(account: Account, message: { readonly uid: Bytes; readonly bindingKey: Bytes }): void {
  if (!equal(account.uid, message.uid)) throw tokenInvalid('uid');
  if (!isBoundTo(account.claims, message.bindingKey)) throw tokenInvalid('cnf');
}

/** @throws FORBIDDEN */
export function requireRole(account: Account, role: string): void {
  if (!account.claims.roles.includes(role)) throw new VaultError('FORBIDDEN', `this needs the role ${role}`);
}

/** One look for every refused token: the check is named, the token never is. */
export function tokenInvalid(check: string): VaultError {
  return new VaultError('TOKEN_INVALID', `the token is not valid: ${check}`, { check });
}
