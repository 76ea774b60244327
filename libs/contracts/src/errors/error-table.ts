import type { ErrorCode } from '@strongroom/protocol';

export type ErrorKind = 'invalid' | 'refused' | 'conflict' | 'unavailable' | 'internal';

export interface ErrorRow {
  readonly kind: ErrorKind;
  /** Status of the problem details (RFC 9457) at the HTTP door. */
  readonly httpStatus: number;
  readonly title: string;
}

/** Every code of PROTOCOL 9 and of the services, once: what kind it is and how HTTP shows it. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorRow>> = Object.freeze({
  CODE_WRONG: { kind: 'refused', httpStatus: 403, title: 'The recovery code is wrong' },
  CODE_WEAK: { kind: 'invalid', httpStatus: 400, title: 'The recovery code is too easy to guess' },
  RECORD_LOCKED: { kind: 'refused', httpStatus: 423, title: 'No attempts are left' },
  RECORD_UNKNOWN: { kind: 'refused', httpStatus: 404, title: 'There is nothing to recover for this account' },
  TOKEN_INVALID: { kind: 'refused', httpStatus: 401, title: 'The account token is not valid' },
  FLEET_UNAVAILABLE: { kind: 'unavailable', httpStatus: 503, title: 'Too few nodes answer' },
  BUNDLE_INVALID: { kind: 'refused', httpStatus: 502, title: 'The fleet bundle failed a check' },
  BUNDLE_STALE: { kind: 'conflict', httpStatus: 409, title: 'The fleet bundle is out of date' },
  NODE_MISBEHAVED: { kind: 'refused', httpStatus: 502, title: 'A node broke the protocol, with proof' },
  REQUEST_INVALID: { kind: 'invalid', httpStatus: 400, title: 'The request is not valid' },
  RATE_LIMITED: { kind: 'unavailable', httpStatus: 429, title: 'Too many requests' },
  FORBIDDEN: { kind: 'refused', httpStatus: 403, title: 'This role may not do that' },
  NOT_FOUND: { kind: 'refused', httpStatus: 404, title: 'There is no such thing' },
  CONFLICT: { kind: 'conflict', httpStatus: 409, title: 'The state does not allow it' },
  INTERNAL: { kind: 'internal', httpStatus: 500, title: 'Something went wrong inside' },
  STORE_UNAVAILABLE: { kind: 'unavailable', httpStatus: 503, title: 'The store of the backup does not answer' },
});
