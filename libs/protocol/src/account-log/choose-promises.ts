import { compareBallots, type Ballot } from '../ballot/ballot.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { findQuorum } from '../vote/quorum.js';
import type { CollectedPromise } from './account-log.js';
import { demandOf, reportsOf, type Demand } from './demand.js';

export interface ChosenPromises {
  readonly promises: readonly CollectedPromise[];
  readonly demand: Extract<Demand, { kind: 'free' | 'value' }>;
}

/**
 * Looks for q promises that every acceptor will take. Whoever signed two values is left out, and so is a report that too
 * few vouch for: with q honest nodes up there are q others, so that no liar keeps an index open.
 * @param usable by distinct nodes, for one account, index and ballot
 */
export function choosePromises(usable: readonly CollectedPromise[], uid: Bytes, roster: FleetRoster): ChosenPromises | null {
  // Whoever reports the highest ballot comes first: its reporters vouch for each other.
  let left = [...usable].sort((a, b) => compareBallots(b.head.accepted?.ballot ?? null, a.head.accepted?.ballot ?? null));
  for (;;) {
    const promises = findQuorum(left, roster.q);
    if (promises === null) return null;
    const demand = demandOf(
      promises.flatMap(reportsOf),
      promises.map(({ head }) => head.node),
      uid,
      roster,
    );
    if (demand.kind === 'free' || demand.kind === 'value') return { promises, demand };
    left = left.filter((one) => (demand.kind === 'equivocator' ? one.head.node !== demand.node : !says(one, demand)));
  }
}

function says({ head }: CollectedPromise, { ballot, valueHash }: { readonly ballot: Ballot; readonly valueHash: Bytes }): boolean {
  return head.accepted !== null && compareBallots(head.accepted.ballot, ballot) === 0 && equal(head.accepted.valueHash, valueHash);
}
