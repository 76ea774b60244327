import type { Cosignature } from '../cosignature/cosignature.js';
import { isQuorum, NO_QUORUM, quorumTime } from '../policy/policy.js';
import type { TrustedLog, Windows } from '../trust-root/trust-root.js';
import { passed, skipped, staleBundle, unwitnessed, type CheckName, type CheckReport } from './check.js';
import { WITNESS_DEMANDS, type Purpose } from './purpose.js';
import { CLOCK_SKEW_MS } from './state-checks.js';

const DAY_MS = 86_400_000;

export type WitnessInput = {
  readonly log: TrustedLog;
  readonly cosignatures: readonly Cosignature[];
  readonly purpose: Purpose;
  /** Whether the caller has accepted this very bundle before. */
  readonly pinned: boolean;
};

/** Step 11: enough witnesses saw this checkpoint, so nobody is shown a log of his own. */
export function checkWitnessQuorum({ log, cosignatures, purpose, pinned }: WitnessInput): CheckReport {
  const { witnesses } = log;
  if (witnesses.quorum === NO_QUORUM) return skipped('witness-quorum', 'the trust root asks for no witnesses');
  const names = cosignatures.map(({ vkey }) => vkey.name).join(', ') || 'nobody';
  const quorum = isQuorum(
    witnesses,
    cosignatures.map(({ vkey }) => vkey),
  );
  if (!quorum) return missing('witness-quorum', `${names} cosigned, which is not the quorum ${witnesses.quorum}`, purpose, pinned);
  return passed('witness-quorum', `${names} are the quorum ${witnesses.quorum}`);
}

/** Step 14: the quorum's oldest cosignature is young enough. A time that is still to come says nothing of today. */
export function checkFreshness(input: WitnessInput, windows: Windows, nowMs: number): CheckReport {
  const { log, purpose, pinned } = input;
  if (log.witnesses.quorum === NO_QUORUM) return skipped('freshness', 'the trust root asks for no witnesses');
  const days = WITNESS_DEMANDS[purpose].maxAgeDays(windows);
  if (days === undefined) return skipped('freshness', 'of the past, where age does not count');
  const since = witnessedSince(input, nowMs);
  if (since === undefined) return missing('freshness', 'no quorum with a time that has come', purpose, pinned);
  const age = `the quorum's oldest cosignature is of ${since}, ${days} days allowed to ${purpose}`;
  return since * 1000 < nowMs - days * DAY_MS ? missing('freshness', age, purpose, pinned) : passed('freshness', age);
}

/** Since when the quorum vouches, by those of its cosignatures whose time has come. */
export function witnessedSince({ log, cosignatures }: Pick<WitnessInput, 'log' | 'cosignatures'>, nowMs: number): number | undefined {
  const come = cosignatures.filter(({ time }) => time * 1000 <= nowMs + CLOCK_SKEW_MS);
  return quorumTime(log.witnesses, come);
}

/** Fails closed, except where the caller trusts nothing new. */
function missing(check: CheckName, saw: string, purpose: Purpose, pinned: boolean): CheckReport {
  const { refuses } = WITNESS_DEMANDS[purpose];
  if (refuses === 'always' || (refuses === 'new' && !pinned)) throw staleBundle(check, saw);
  return unwitnessed(check, refuses === 'new' ? `${saw}; goes on, because this bundle was accepted before` : saw);
}
