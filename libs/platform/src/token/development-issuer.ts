import { createHash, createPublicKey } from 'node:crypto';
import { toBase64url, type Bytes } from '@strongroom/protocol';
import { SignJWT } from 'jose';
import { privateKeyObject } from '../signature/ed25519-key.js';

export const DEVELOPMENT_ISSUER = 'https://development.strongroom.invalid';
export const TOKEN_AUDIENCE = 'strongroom';

/** PUBLIC: anyone can derive this key and mint any token with it. A verifier refuses it when NODE_ENV is production. */
const SEED = createHash('sha256').update('strongroom development issuer: this key is public').digest();
const KEY = privateKeyObject(SEED);
const KEY_ID = 'development';

export const DEVELOPMENT_PUBLIC_JWK = Object.freeze({
  ...createPublicKey(KEY).export({ format: 'jwk' }),
  kid: KEY_ID,
  alg: 'EdDSA',
  use: 'sig',
});

export interface DevelopmentToken {
  readonly sub: string;
  /** Ed25519, 32 bytes: the key that the token is bound to (RFC 7800). */
  readonly bindingKey: Bytes;
  readonly roles?: readonly string[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** One hour unless told. */
  readonly ttlMs?: number;
}

/** A token of the development issuer, for demos, tests and the bench. Worth nothing in production. */
export function mintDevelopmentToken({ sub, bindingKey, roles = [], nowMs, ttlMs = 3_600_000 }: DevelopmentToken): Promise<string> {
  const cnf = { jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(bindingKey) } };
  return new SignJWT({ cnf, ...(roles.length > 0 ? { roles: [...roles] } : {}) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: KEY_ID })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(sub)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor((nowMs + ttlMs) / 1000))
    .sign(KEY);
}
