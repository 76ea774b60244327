import { compareBallots } from '../ballot/ballot.js';
import { equal } from '../encoding/bytes.js';
import { logValueHash, parseLogValue, type LogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import type { CollectedPromise, PromiseEvidence, VerifiedPromise } from './account-log.js';
import { isJustified, isPromiseFor, needsBasis } from './demand.js';
import { judge } from './judge-step.js';
import type { Step } from './step.js';

/**
 * Takes over a reported proposal that was checked like one of its own, without a vote: from now on this node reports it
 * too. That is how a proposal whose proposer alone knows it comes to have enough nodes that vouch for it, and why what
 * proves a report never grows. A higher proposal that keeps the rules agrees with whatever is decided below it, so
 * reporting it in place of a lower one that was accepted is safe.
 * @returns whether it did
 */
export function note(step: Step, report: CollectedPromise): boolean {
  const { account, context } = step;
  const { accepted } = report.head;
  const { proof, value, basis } = report;
  if (accepted === null || proof === null || value === null || !isProposable(step, report)) return false;
  if (compareBallots(accepted.ballot, account.accepted?.ballot ?? null) <= 0) return false;
  if (!isPromiseFor(report, account.uid, step.openIndex, report.head.ballot)) return false;
  if (basis.length === 0 || !isJustified(proof.head, basis, context.roster)) return false;
  const kept = needsBasis(context.self, accepted.ballot, context.roster) ? basis : [];
  step.set({ accepted: { ...accepted, value, proposal: proof.signed, basis: kept.map(asEvidence) } });
  return true;
}

/**
 * Whether this node could propose what a promise reports: one liar, or one confirmation that is still on its way, must
 * not keep an index from being decided by the others.
 */
export function isProposable(step: Step, { head, value }: CollectedPromise): boolean {
  if (head.accepted === null) return true;
  if (value === null || !equal(logValueHash(value), head.accepted.valueHash)) return false;
  const logValue = readable(value);
  return logValue !== null && judge(step, logValue, false, false) === null;
}

export function asEvidence({ signed, proof }: VerifiedPromise): PromiseEvidence {
  return { signed, proof: proof?.signed ?? null };
}

function readable(value: Uint8Array): LogValue | null {
  try {
    return parseLogValue(value);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}
