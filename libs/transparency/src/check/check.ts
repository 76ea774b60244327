import { FormatError } from '../errors/format-error.js';

/** The steps of TRANSPARENCY 3 by number. Those of the log and its witnesses are named, so that a report can say that they did not run. */
export const CHECKS = {
  'size-limits': 1,
  'proof-grammar': 2,
  'note-grammar': 3,
  'round-trip': 4,
  namespace: 5,
  'both-signatures': 6,
  'leaf-hash': 7,
  'checkpoint-grammar': 8,
  'log-signature': 9,
  cosignatures: 10,
  'witness-quorum': 11,
  inclusion: 12,
  head: 13,
  freshness: 14,
  epoch: 15,
  consistency: 16,
  'validity-window': 17,
  'trust-root': 18,
  'member-keys': 19,
  'memory-saved': 20,
} as const;

export type CheckName = keyof typeof CHECKS;

/**
 * `skipped`: there was nothing to look at. `unwitnessed`: the witnesses' word is missing or too old, and the caller goes
 * on all the same, because it gives nothing new its trust. Neither is `ok`.
 */
export type Outcome = 'ok' | 'skipped' | 'unwitnessed';

/** What one step looked at. */
export type CheckReport = {
  readonly number: number;
  readonly check: CheckName;
  readonly outcome: Outcome;
  readonly saw: string;
};

/** Whether every step ran and holds: only then may a tool say "verified". */
export function isVerified(checks: readonly CheckReport[]): boolean {
  return checks.length === Object.keys(CHECKS).length && checks.every(({ outcome }) => outcome === 'ok');
}

export function passed(check: CheckName, saw: string): CheckReport {
  return { number: CHECKS[check], check, outcome: 'ok', saw };
}

export function skipped(check: CheckName, saw: string): CheckReport {
  return { number: CHECKS[check], check, outcome: 'skipped', saw };
}

export function unwitnessed(check: CheckName, saw: string): CheckReport {
  return { number: CHECKS[check], check, outcome: 'unwitnessed', saw };
}

/**
 * A bundle that failed a check. `stale` means an authentic bundle whose time is over or which a newer one replaced:
 * fetch another. `invalid` means that it must never be used.
 */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly number: number;

  constructor(
    readonly check: CheckName,
    readonly kind: 'invalid' | 'stale',
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`check ${CHECKS[check]} (${check}): ${reason}`, options);
    this.number = CHECKS[check];
  }
}

export function staleBundle(check: CheckName, reason: string): BundleError {
  return new BundleError(check, 'stale', reason);
}

/** Runs a parser whose refusal is the failure of this check. */
export function refusing<T>(check: CheckName, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof FormatError) throw invalidBundle(check, cause.message, cause);
    throw cause;
  }
}

export function invalidBundle(check: CheckName, reason: string, cause?: unknown): BundleError {
  return new BundleError(check, 'invalid', reason, { cause });
}
