import { createHash } from 'node:crypto';
import { compactVerify, decodeJwt, type CompactVerifyGetKey } from 'jose';
import { BoundedCache } from '../cache/bounded-cache.js';
import { issuerKeys, verificationFailure } from './issuer-keys.js';
import { tokenClaims, tokenInvalid, type TokenClaims } from './token-claims.js';
import { refuseDevelopmentKeys, type TokenIssuer } from './token-issuer.js';

/**
 * `expired` is everything that the clock alone decides, a token of the future included: it still counts for a value
 * that q promises demand, and never for a free choice (PROTOCOL 4.3).
 */
export interface VerifiedToken {
  readonly status: 'valid' | 'expired';
  readonly claims: TokenClaims;
}

/** Judges account and operator tokens (PROTOCOL 4.5). */
export abstract class TokenVerifier {
  /**
   * @param jwt compact form, at most 4096 characters
   * @param nowMs milliseconds since 1970
   * @throws TOKEN_INVALID when no clock could make it valid (metadata.check); FLEET_UNAVAILABLE when the issuer's keys
   * cannot be fetched
   */
  abstract verify(jwt: string, nowMs: number): Promise<VerifiedToken>;
}

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256'];
const MAX_LENGTH = 4096;
const CLOCK_TOLERANCE_MS = 30_000;
const CACHED_TOKENS = 8192;
/** A key that its issuer withdraws is trusted no longer than this. */
const CACHE_MAX_AGE_MS = 300_000;

interface Checked {
  readonly claims: Promise<TokenClaims>;
  readonly atMs: number;
}

interface KnownIssuer {
  readonly issuer: TokenIssuer;
  readonly keys: CompactVerifyGetKey;
}

/** Verifies with jose, each token once: the parts of one recovery carry the same token several times. */
export class JoseTokenVerifier extends TokenVerifier {
  private readonly issuers: ReadonlyMap<string, KnownIssuer>;
  private readonly checked = new BoundedCache<string, Checked>(CACHED_TOKENS);

  /** @throws Error when NODE_ENV is production and an issuer uses the public development key */
  constructor(issuers: readonly TokenIssuer[], nodeEnv: string) {
    super();
    if (nodeEnv === 'production') refuseDevelopmentKeys(issuers);
    this.issuers = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: issuerKeys(issuer) }]));
  }

  override async verify(jwt: string, nowMs: number): Promise<VerifiedToken> {
    if (jwt.length > MAX_LENGTH) throw tokenInvalid('length');
    const claims = await this.claimsOf(jwt, nowMs);
    const timely = claims.notBeforeMs <= nowMs + CLOCK_TOLERANCE_MS && nowMs < claims.expiresAtMs + CLOCK_TOLERANCE_MS;
    return { status: timely ? 'valid' : 'expired', claims };
  }

  /** The cache knows tokens by their hash, so that it holds nothing that could be used. */
  private claimsOf(jwt: string, nowMs: number): Promise<TokenClaims> {
    const name = createHash('sha256').update(jwt).digest('base64');
    const known = this.checked.get(name);
    if (known !== undefined && Math.abs(nowMs - known.atMs) < CACHE_MAX_AGE_MS) return known.claims;
    const claims = this.check(jwt).catch((error: unknown) => {
      this.checked.delete(name);
      throw error;
    });
    this.checked.set(name, { claims, atMs: nowMs });
    return claims;
  }

  private async check(jwt: string): Promise<TokenClaims> {
    const known = this.issuers.get(issuerOf(jwt));
    if (known === undefined) throw tokenInvalid('iss');
    try {
      const { payload } = await compactVerify(jwt, known.keys, { algorithms: ALGORITHMS });
      return tokenClaims(JSON.parse(new TextDecoder().decode(payload)), known.issuer);
    } catch (error) {
      throw verificationFailure(error);
    }
  }
}

/** Unverified: chooses the keys, and the claims are judged again after the signature. */
function issuerOf(jwt: string): string {
  try {
    return decodeJwt(jwt).iss ?? '';
  } catch (cause) {
    throw tokenInvalid('form', cause);
  }
}
