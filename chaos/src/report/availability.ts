import type { Operation } from '../account/operation.js';
import type { OutageLog } from '../vault/outage.js';

/** A recovery that takes longer has not succeeded, whatever comes in the end. */
export const IN_TIME_MS = 2_000;
/** How many nodes of the fleet may be down without anybody noticing: n - q. */
const MOST_DOWN = 2;
/** How long after a death the service is watched. */
const WATCHED_MS = 2_000;

export interface Availability {
  /** Recoveries with the right code, by persons whose code does not change, while at most two nodes were down. */
  readonly recoveries: number;
  readonly inTime: number;
  /** Those that were not: when they were made, how long they took, what came. */
  readonly missed: readonly { readonly at: number; readonly ms: number; readonly outcome: string }[];
}

export function availabilityOf(recoveries: readonly Operation[], outages: OutageLog): Availability {
  const counted = recoveries.filter(({ invokedAt, returnedAt }) =>
    outages.isServing(invokedAt, Math.min(returnedAt, invokedAt + IN_TIME_MS), MOST_DOWN),
  );
  const isInTime = ({ outcome, invokedAt, returnedAt }: Operation): boolean =>
    outcome.kind === 'recovered' && returnedAt - invokedAt <= IN_TIME_MS;
  const missed = counted
    .filter((operation) => !isInTime(operation))
    .map(({ outcome, invokedAt, returnedAt }) => ({
      at: Math.round(invokedAt),
      ms: Math.round(returnedAt - invokedAt),
      outcome: outcome.kind === 'unknown' ? outcome.code : outcome.kind,
    }));
  return { recoveries: counted.length, inTime: counted.length - missed.length, missed };
}

/**
 * The slowest recovery of those under way within two seconds after a death, whatever came in the end: how long a death
 * held up whom it met. Null without one that can be judged.
 */
export function slowestAfter(moments: readonly number[], recoveries: readonly Operation[], outages: OutageLog): number | null {
  const judged = moments.filter((at) => outages.isServing(at, at + WATCHED_MS, MOST_DOWN));
  const met = recoveries.filter(({ invokedAt, returnedAt }) => judged.some((at) => returnedAt >= at && invokedAt <= at + WATCHED_MS));
  return met.length === 0 ? null : Math.round(Math.max(...met.map(({ invokedAt, returnedAt }) => returnedAt - invokedAt)));
}

/** The longest time without any answered attempt in the two seconds from each moment on. Null without a moment that can be judged. */
export function longestGap(moments: readonly number[], answeredAt: readonly number[], outages: OutageLog): number | null {
  const sorted = [...answeredAt].sort((a, b) => a - b);
  const gaps = moments.filter((at) => outages.isServing(at, at + WATCHED_MS, MOST_DOWN)).map((at) => gapFrom(at, sorted));
  return gaps.length === 0 ? null : Math.round(Math.max(...gaps));
}

function gapFrom(at: number, answeredAt: readonly number[]): number {
  const before = answeredAt.findLast((answered) => answered <= at) ?? at;
  const within = answeredAt.filter((answered) => answered > at && answered <= at + WATCHED_MS);
  const next = answeredAt.find((answered) => answered > at + WATCHED_MS) ?? at + WATCHED_MS;
  const points = [before, ...within, next];
  return points.slice(1).reduce((longest, point, i) => Math.max(longest, point - (points[i] ?? point)), 0);
}
