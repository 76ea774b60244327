/** Every code that a client of the vault can meet (PROTOCOL 9), and the four that only services and operators meet, and one of an app's own store. */
export const ERROR_CODES = [
  'CODE_WRONG',
  'CODE_WEAK',
  'RECORD_LOCKED',
  'RECORD_UNKNOWN',
  'TOKEN_INVALID',
  'FLEET_UNAVAILABLE',
  'BUNDLE_INVALID',
  'BUNDLE_STALE',
  'NODE_MISBEHAVED',
  'REQUEST_INVALID',
  'RATE_LIMITED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'INTERNAL',
  'STORE_UNAVAILABLE',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Facts about an error: strings and numbers only, never a secret, a token or an account id. */
export type ErrorMetadata = Readonly<Record<string, string | number>>;

/**
 * The one error class of the vault. `code` is what programs act on, `message` is for people,
 * `metadata` holds the facts named in PROTOCOL 9: `field`, `attemptsLeft`, `weakness`, `retryAtMs`, `check`, `node`.
 */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly metadata: ErrorMetadata = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** REQUEST_INVALID naming the field that a parser refused. */
export function invalid(field: string, reason: string): VaultError {
  return new VaultError('REQUEST_INVALID', `${field}: ${reason}`, { field });
}
