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

/** What one step looked at. `skipped` is never `ok`: a tool that shows it may not say "verified". */
export type CheckReport = {
  readonly number: number;
  readonly check: CheckName;
  readonly outcome: 'ok' | 'skipped';
  readonly saw: string;
};

export function passed(check: CheckName, saw: string): CheckReport {
  return { number: CHECKS[check], check, outcome: 'ok', saw };
}

export function skipped(check: CheckName, saw: string): CheckReport {
  return { number: CHECKS[check], check, outcome: 'skipped', saw };
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

export function invalidBundle(check: CheckName, reason: string, cause?: unknown): BundleError {
  return new BundleError(check, 'invalid', reason, { cause });
}
