import { VaultError, type ErrorCode } from '@strongroom/protocol';
import { Interrupted } from '../terminal/ask-secret.js';

/** What the process returns, by the kind of failure. 0 is success, 2 a demo of which a step did not hold. */
const CODES: Readonly<Record<ErrorCode, number>> = {
  CODE_WRONG: 3,
  RECORD_LOCKED: 4,
  RECORD_UNKNOWN: 5,
  FLEET_UNAVAILABLE: 6,
  STORE_UNAVAILABLE: 6,
  BUNDLE_INVALID: 7,
  BUNDLE_STALE: 7,
  NODE_MISBEHAVED: 7,
  TOKEN_INVALID: 8,
  FORBIDDEN: 8,
  RATE_LIMITED: 9,
  CONFLICT: 10,
  NOT_FOUND: 10,
  CODE_WEAK: 64,
  REQUEST_INVALID: 64,
  INTERNAL: 1,
};

export const DEMO_FAILED = 2;
export const USAGE = 64;
export const INTERRUPTED = 130;

export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return INTERRUPTED;
  return error instanceof VaultError ? CODES[error.code] : 1;
}

export const EXIT_CODES_HELP = `Exit codes:
  0  done                                 6  too few nodes, no gateway or no store answers
  1  a fault in the program               7  bundle or node failed a check
  2  a step of the demo did not hold      8  token not valid, or role missing
  3  the recovery code is wrong           9  too early: wait as told
  4  locked: no attempts are left        10  the state does not allow it
  5  there is nothing to recover         64  wrong usage or input   130  interrupted`;
