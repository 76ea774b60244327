import { VaultError } from '@strongroom/protocol';
import { createLocalJWKSet, createRemoteJWKSet, errors, type CompactVerifyGetKey, type JWK } from 'jose';
import type { TokenIssuer } from './token-issuer.js';
import { tokenInvalid } from './token-claims.js';

const FETCH_TIMEOUT_MS = 3_000;
/** How often an unknown key id may lead to another fetch. */
const COOLDOWN_MS = 30_000;
const KEYS_MAX_AGE_MS = 600_000;

/** Where the keys of an issuer come from: its configuration, or its address, fetched and kept. */
export function issuerKeys({ jwks, jwksUrl }: TokenIssuer): CompactVerifyGetKey {
  if (jwksUrl !== undefined) {
    return createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_MAX_AGE_MS,
    });
  }
  const keys: JWK[] = (jwks?.keys ?? []).map(({ kid, ...key }) => (kid === undefined ? key : { ...key, kid }));
  return createLocalJWKSet({ keys });
}

const TOKEN_FAULTS = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** What a failed verification means: the token's fault, or keys that could not be had just now. */
export function verificationFailure(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  if (TOKEN_FAULTS.some((Fault) => error instanceof Fault)) return tokenInvalid('signature', error);
  return new VaultError('FLEET_UNAVAILABLE', 'the keys of the token issuer cannot be fetched', {}, { cause: error });
}
