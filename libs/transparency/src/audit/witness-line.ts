import { BundleError } from '../check/check.js';
import { checkCosignatures } from '../check/log-checks.js';
import { checkFreshness, checkWitnessQuorum } from '../check/witness-checks.js';
import type { Cosignature } from '../cosignature/cosignature.js';
import type { TrustedLog, TrustRoot } from '../trust-root/trust-root.js';
import { auditLine, type AuditLine } from './audit-line.js';
import type { View } from './view.js';

/** A quorum of witnesses stands by the tree that the log shows, and did so lately enough to register. */
export function checkWitnesses(own: View, others: readonly View[], log: TrustedLog, { windows }: TrustRoot, nowMs: number): AuditLine {
  try {
    const notes = [own, ...others.filter(({ note }) => note.text === own.note.text)];
    const cosignatures = newest(notes.flatMap((view) => checkCosignatures(view, log).cosignatures));
    const input = { log, cosignatures, purpose: 'register', pinned: false } as const;
    const steps = [checkWitnessQuorum(input), checkFreshness(input, windows, nowMs)];
    const outcome = steps.every((step) => step.outcome === 'ok') ? 'ok' : 'skipped';
    return auditLine('witnesses', outcome, steps.map(({ saw }) => saw).join('; '));
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return auditLine('witnesses', 'FAIL', error.message);
  }
}

function newest(all: readonly Cosignature[]): readonly Cosignature[] {
  const times = new Map<Cosignature['vkey'], number>();
  for (const { vkey, time } of all) times.set(vkey, Math.max(time, times.get(vkey) ?? 0));
  return [...times].map(([vkey, time]) => ({ vkey, time }));
}
