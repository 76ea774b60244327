import type { Operation } from '../account/operation.js';

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * How many attempts may count at the end, by what the clients made and know the outcome of and by what they never
 * learned: a check of its own beside the search, so plain that one can do it by hand. The account must be alive.
 */
export function spentBounds(history: readonly Operation[]): Bounds {
  const maybeReset = (operation: Operation): boolean => operation.confirmed || operation.request.kind === 'register';
  const lateReset = history.some((operation) => maybeReset(operation) && operation.outcome.kind === 'unknown');
  const resets = history.filter(maybeReset);
  const lastReset = resets.reduce((latest, { returnedAt }) => Math.max(latest, returnedAt), -Infinity);
  const wrong = history.filter(({ outcome }) => outcome.kind === 'wrong');
  // What was called after the last reset had returned counts, unless a reset that nobody heard of came later still.
  const least = lateReset ? 0 : wrong.filter(({ invokedAt }) => invokedAt > lastReset).length;
  const sureReset = sureResets(history).reduce((latest, { invokedAt }) => Math.max(latest, invokedAt), -Infinity);
  const attempts = history.filter(({ request }) => request.kind === 'recover');
  const most = attempts.reduce((sum, operation) => sum + mayStillCount(operation, sureReset), 0);
  return { least, most };
}

/** A confirmed recovery; a registration only while no record was deleted, for over a deleted one it may give no budget. */
function sureResets(history: readonly Operation[]): readonly Operation[] {
  const deleted = history.some(({ request }) => request.kind === 'delete');
  return history.filter(({ outcome }) => outcome.kind === 'recovered' || (outcome.kind === 'registered' && !deleted));
}

/** Entries of the call that can lie above the last reset: one that nobody heard of may have been decided at any later time. */
function mayStillCount({ outcome, entriesSent, returnedAt }: Operation, sureReset: number): number {
  const told = outcome.kind === 'wrong' || outcome.kind === 'recovered' ? 1 : 0;
  // The attempt of a confirmed recovery counts for nobody; that of a wrong code counts unless it was over before the reset.
  const own = outcome.kind === 'wrong' && returnedAt >= sureReset ? 1 : 0;
  return Math.max(0, entriesSent - told) + own;
}

/** Why the counter that the nodes show at the end is not one that the clients can explain, or null. */
export function unexplained(history: readonly Operation[], attempts: number, attemptsLeft: number): string | null {
  const { least, most } = spentBounds(history);
  const spent = attempts - attemptsLeft;
  if (spent < Math.min(least, attempts)) return `${spent} attempts count, but at least ${least} were made since the last reset`;
  return spent > most ? `${spent} attempts count, but no more than ${most} can have been made since the last reset` : null;
}
