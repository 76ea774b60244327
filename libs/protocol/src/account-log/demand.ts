import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { epochOfRound, isFirstRound } from '../ballot/epoch-rounds.js';
import { equal, toHex, type Bytes } from '../encoding/bytes.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { rosterOfEpoch, type FleetRoster } from '../roster/fleet-roster.js';
import { exactUpTo } from '../roster/guess-bound.js';
import { findQuorum } from '../vote/quorum.js';
import type { VerifiedPromise } from './account-log.js';

/** A proposal that a node says it knows: the value that the node of `ballot` proposed at it. */
export interface Report {
  /** Who says so. */
  readonly node: number;
  readonly ballot: Ballot;
  readonly valueHash: Bytes;
}

/** What a set of reports leaves to a proposer (PROTOCOL 4.2). */
export type Demand =
  /** Nothing is reported. */
  | { readonly kind: 'free' }
  | { readonly kind: 'value'; readonly ballot: Ballot; readonly valueHash: Bytes }
  /** So few vouch for the highest report that all of them may be lying: the set proves nothing. */
  | { readonly kind: 'unbacked'; readonly ballot: Ballot; readonly valueHash: Bytes }
  /** A member signed two values at the highest ballot: the set counts only without it. */
  | { readonly kind: 'equivocator'; readonly node: number; readonly ballot: Ballot };

/** Ballot 0 of an epoch is its home node's, in its first incarnation, and rests on nothing. */
export function isBallotZero({ round, node, incarnation }: Ballot, uid: Bytes, roster: FleetRoster): boolean {
  if (!isFirstRound(round) || incarnation !== 1) return false;
  return node === rankNodes(uid, rosterOfEpoch(roster, epochOfRound(round)))[0];
}

/** Signatures that a lie cannot have: one more than the corrupt nodes that the fleet stays exact with. */
export function vouchersNeeded(roster: FleetRoster): number {
  return exactUpTo(roster) + 1;
}

/** Whether `node` and the proposer alone are too few to vouch for a proposal at `ballot`: its promises must go with it. */
export function needsBasis(node: number, ballot: Ballot, roster: FleetRoster): boolean {
  const vouchers = node === ballot.node ? 1 : 2;
  return !isFirstRound(ballot.round) && vouchers < vouchersNeeded(roster);
}

/**
 * The one rule by which acceptors, proposers and rejoining nodes tell what reports demand. The highest ballot counts;
 * if its proposer signed two values there, the one that most report. Where a value was decided at that ballot, more than
 * half of any q reporters without the proposer say so while the fleet is exact (3q > 2n + 2b - 2): of a tie none was.
 * @param members who was asked; those without a report know of no proposal
 */
export function demandOf(reports: readonly Report[], members: readonly number[], uid: Bytes, roster: FleetRoster): Demand {
  let ballot: Ballot | null = null;
  for (const report of reports) if (compareBallots(report.ballot, ballot) > 0) ballot = report.ballot;
  if (ballot === null) return { kind: 'free' };
  const highest = ballot;
  const [most, ...others] = groupByValue(reports.filter((report) => compareBallots(report.ballot, highest) === 0));
  const valueHash = most?.[0]?.valueHash;
  if (most === undefined || valueHash === undefined) return { kind: 'free' };
  if (others.length > 0 && members.includes(highest.node)) return { kind: 'equivocator', node: highest.node, ballot: highest };
  // The proposer vouches by its own signed vote, which every report carries.
  const vouchers = new Set([highest.node, ...most.map(({ node }) => node)]).size;
  const backed = isBallotZero(highest, uid, roster) || (!isFirstRound(highest.round) && vouchers >= vouchersNeeded(roster));
  return { kind: backed ? 'value' : 'unbacked', ballot: highest, valueHash };
}

/** Most reports first; of two with as many the one with the lower hash, so that all say the same. */
function groupByValue(reports: readonly Report[]): readonly (readonly Report[])[] {
  const groups = new Map<string, Report[]>();
  for (const report of reports) {
    const key = toHex(report.valueHash);
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  const ordered = [...groups].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1));
  return ordered.map(([, group]) => group);
}

/** What is proposed, by whom and where. */
export interface Proposed {
  readonly uid: Bytes;
  readonly index: number;
  readonly ballot: Ballot;
  readonly valueHash: Bytes;
}

/** What promises demand of the proposer they were made to; null when they are not q of this ballot that count together. */
export function demandedBy(
  promises: readonly VerifiedPromise[],
  { uid, index, ballot }: Omit<Proposed, 'valueHash'>,
  roster: FleetRoster,
): Demand | null {
  const members = promises.filter((promise) => isPromiseFor(promise, uid, index, ballot));
  const quorum = findQuorum(members, roster.q);
  if (quorum === null || quorum.length !== promises.length) return null;
  return demandOf(
    quorum.flatMap(reportsOf),
    quorum.map(({ head }) => head.node),
    uid,
    roster,
  );
}

/** Whether somebody may have proposed this with these promises, as every acceptor of it had to check. */
export function isJustified(proposed: Proposed, promises: readonly VerifiedPromise[], roster: FleetRoster): boolean {
  if (isFirstRound(proposed.ballot.round)) return isBallotZero(proposed.ballot, proposed.uid, roster);
  const demand = demandedBy(promises, proposed, roster);
  return demand?.kind === 'free' || (demand?.kind === 'value' && equal(demand.valueHash, proposed.valueHash));
}

export function isPromiseFor({ head }: VerifiedPromise, uid: Bytes, index: number, ballot: Ballot): boolean {
  if (!equal(head.uid, uid) || head.index !== index || compareBallots(head.ballot, ballot) !== 0) return false;
  // What was accepted at this ballot, or above it, was accepted after the promise.
  return compareBallots(head.accepted?.ballot ?? null, ballot) < 0;
}

export function reportsOf({ head }: VerifiedPromise): readonly Report[] {
  return head.accepted === null ? [] : [{ node: head.node, ...head.accepted }];
}
