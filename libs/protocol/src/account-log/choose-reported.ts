import { compareBallots } from '../ballot/ballot.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import type { Accepted } from './account-log.js';
import { demandOf } from './demand.js';

/** What a peer told a rejoining node of an open index. Its proposer's vote was checked. */
export interface PeerReport {
  readonly node: number;
  readonly accepted: Accepted;
  /** Whether the promises that came with it allow the proposal (`isJustified`). */
  readonly justified: boolean;
}

export type Adoption =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'value'; readonly accepted: Accepted }
  /** `node` signed two values: q others have to answer before it is known which of them this node may have voted for. */
  | { readonly kind: 'missing'; readonly node: number };

/**
 * What a rejoining node takes over as accepted at an open index (PROTOCOL 7.3): what its own disk says where that is as
 * high, for it accepted one value at a ballot; else what the answers demand, by the rule for promises.
 * @param answered the peers that have answered, with a report or without
 */
export function chooseReported(
  reports: readonly PeerReport[],
  answered: readonly number[],
  uid: Bytes,
  own: Accepted | null,
  roster: FleetRoster,
): Adoption {
  let members = answered;
  let left = reports.filter(({ node }) => answered.includes(node));
  for (;;) {
    const stated = left.map(({ node, accepted }) => ({ node, ballot: accepted.ballot, valueHash: accepted.valueHash }));
    const demand = demandOf(stated, members, uid, roster);
    if (demand.kind === 'free' || compareBallots(own?.ballot ?? null, demand.ballot) >= 0) return { kind: 'nothing' };
    if (demand.kind === 'equivocator') {
      const { node } = demand;
      members = members.filter((member) => member !== node);
      if (members.length < roster.q) return { kind: 'missing', node };
      left = left.filter((report) => report.node !== node);
      continue;
    }
    const same = left.filter(
      ({ accepted }) => compareBallots(accepted.ballot, demand.ballot) === 0 && equal(accepted.valueHash, demand.valueHash),
    );
    const believed = demand.kind === 'value' ? same[0] : same.find(({ justified }) => justified);
    if (believed !== undefined) return { kind: 'value', accepted: believed.accepted };
    left = left.filter((report) => !same.includes(report));
  }
}
