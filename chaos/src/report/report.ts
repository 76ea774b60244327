import type { AdversaryResult } from '../adversary/adversary.js';
import type { AuditResult, Violation } from '../audit/audit.js';
import type { DiskFullBy } from '../disk/node-disks.js';
import type { FaultKind } from '../plan/fault.js';
import type { Availability } from './availability.js';
import type { Calm, MachineUse } from './calm.js';

/** What the command prints as its last line with --json. Times are milliseconds. */
export interface Report {
  readonly seed: number;
  readonly minutes: number;
  /** Calls of clients, the audit's included. */
  readonly operations: number;
  /** Calls whose outcome the client never learned. */
  readonly unknownOutcomes: number;
  /** Those that availability counts: right code, at most two nodes down. */
  readonly recoveries: number;
  /** Share of them that succeeded within 2 s, 0 to 1; null when there was none. */
  readonly availability: number | null;
  readonly missed: Availability['missed'];
  /** The same load before the adversary began: without it the figures below mean nothing. */
  readonly calm: Calm;
  readonly machine: MachineUse;
  /** The slowest recovery that a death met, to be held against the slowest before the adversary; null when none could be watched. */
  readonly slowestAfterDeathMs: number | null;
  /** Longest time without an answered attempt after a node was killed; null when no death could be watched. */
  readonly longestGapMs: number | null;
  /** The same, watched while nothing was down: what the load alone leaves. */
  readonly quietGapMs: number | null;
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly diskFullBy: DiskFullBy;
  readonly endedByFullDisk: number;
  /** `due`: those after which a peer had seen more than the copy held. */
  readonly rollbacks: { readonly made: number; readonly due: number; readonly detected: number };
  readonly accounts: number;
  readonly violations: number;
  readonly found: readonly Violation[];
  readonly linearizable: boolean;
  readonly undecidedHistories: number;
  readonly statesSearched: number;
  readonly notes: readonly string[];
}

export function rollbacksOf({ rollbacks }: AdversaryResult): Report['rollbacks'] {
  return {
    made: rollbacks.length,
    due: rollbacks.filter(({ votesAfterCopy }) => votesAfterCopy > 0).length,
    detected: rollbacks.filter(({ detected }) => detected).length,
  };
}

/** What did not hold, from everything that was watched. */
export function violationsOf(
  audit: AuditResult,
  { rollbacks }: AdversaryResult,
  misbehaved: readonly number[],
  ended: readonly string[],
): readonly Violation[] {
  const silent = rollbacks.filter(({ votesAfterCopy, detected }) => votesAfterCopy > 0 && !detected);
  return [
    ...audit.violations,
    ...silent.map(({ node }) => ({ account: '-', what: `node ${node} was rolled back and did not say so` })),
    ...[...new Set(misbehaved)].map((node) => ({ account: '-', what: `node ${node} is said to have signed two things` })),
    ...ended.map((name) => ({ account: '-', what: `${name} ended by itself` })),
  ];
}

/** Whether the command succeeds: a violation fails it, and so does a run that shows nothing. */
export function isGood({ violations, linearizable, undecidedHistories, operations, recoveries, availability }: Report): boolean {
  const searched = linearizable && undecidedHistories === 0;
  return violations === 0 && searched && operations > 0 && recoveries > 0 && availability !== null && availability > 0;
}
