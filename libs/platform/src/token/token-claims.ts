import { createHash } from 'node:crypto';
import { equal, fromBase64url, hasVerifyingKeyForm, toBase64url, utf8, VaultError, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';
import type { TokenIssuer } from './token-issuer.js';

/** What a verified token says. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  /** P: Ed25519, 32 bytes, from `cnf.jwk`; null when the token names its key by `cnf.jkt` alone. */
  readonly bindingKey: Bytes | null;
  /** SHA-256 thumbprint of that key (RFC 7638), 32 bytes. */
  readonly thumbprint: Bytes;
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  readonly roles: readonly string[];
}

const seconds = z.number().int().min(0).max(253_402_300_799);
const keyForm = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().length(43) });
const thumbprintForm = z.string().length(43);

const payloadSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(1024),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: seconds,
  exp: seconds,
  nbf: seconds.optional(),
  /** RFC 7800: the key that the holder must sign with. */
  cnf: z.union([z.looseObject({ jwk: keyForm }), z.looseObject({ jkt: thumbprintForm })]),
  roles: z.array(z.string().min(1).max(64)).max(32).default([]),
});

/** Longest time between issue and expiry, so that a stolen token does not serve for ever. */
const MAX_LIFETIME_S = 86_400;

/**
 * The claims of a payload whose signature is verified. Judges everything but the clock.
 * @throws TOKEN_INVALID naming the check
 */
export function tokenClaims(payload: unknown, issuer: TokenIssuer): TokenClaims {
  const result = payloadSchema.safeParse(payload);
  if (!result.success) throw tokenInvalid(result.error.issues[0]?.path.map(String).join('.') ?? 'claims');
  const { iss, sub, aud, iat, exp, nbf = iat, cnf, roles } = result.data;
  if (iss !== issuer.issuer) throw tokenInvalid('iss');
  if (![aud].flat().includes(issuer.audience)) throw tokenInvalid('aud');
  if (exp <= iat || exp - iat > MAX_LIFETIME_S) throw tokenInvalid('exp');
  return { iss, sub, roles, ...binding(cnf), notBeforeMs: Math.max(iat, nbf) * 1000, expiresAtMs: exp * 1000 };
}

/** Whether the holder of `publicKey` (Ed25519, 32 bytes) is whom the token was issued to (PROTOCOL 4.5). */
export function isBoundTo(claims: TokenClaims, publicKey: Bytes): boolean {
  return claims.bindingKey === null ? equal(claims.thumbprint, thumbprintOf(publicKey)) : equal(claims.bindingKey, publicKey);
}

/** One look for every token that is refused: the check is named, the token never is. */
export function tokenInvalid(check: string, cause?: unknown): VaultError {
  return new VaultError('TOKEN_INVALID', `the token is not valid: ${check}`, { check }, cause === undefined ? {} : { cause });
}

function binding(cnf: z.infer<typeof payloadSchema>['cnf']): Pick<TokenClaims, 'bindingKey' | 'thumbprint'> {
  const key = keyForm.safeParse(cnf['jwk']);
  if (!key.success) return { bindingKey: null, thumbprint: bytesOf(String(cnf['jkt']), 'cnf.jkt') };
  const bindingKey = bytesOf(key.data.x, 'cnf.jwk');
  if (!hasVerifyingKeyForm(bindingKey)) throw tokenInvalid('cnf.jwk');
  return { bindingKey, thumbprint: thumbprintOf(bindingKey) };
}

function bytesOf(text: string, check: string): Bytes {
  try {
    return fromBase64url(text);
  } catch (cause) {
    throw tokenInvalid(check, cause);
  }
}

/** RFC 7638 with the members of RFC 8037 in their order. */
function thumbprintOf(publicKey: Bytes): Bytes {
  const members = utf8(`{"crv":"Ed25519","kty":"OKP","x":"${toBase64url(publicKey)}"}`);
  return new Uint8Array(createHash('sha256').update(members).digest());
}
