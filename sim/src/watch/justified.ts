import {
  compareBallots,
  equal,
  exactUpTo,
  firstRound,
  ownIncarnation,
  parsePromise,
  rankNodes,
  toHex,
  type Ballot,
  type Bytes,
  type FleetRoster,
  type Vote,
} from '@strongroom/protocol';

/**
 * Whether promises allow a proposal above ballot 0 (PROTOCOL 4.2). Judged here anew and not by the nodes' own function,
 * which may be the one that is broken.
 * @param statements encoded promises, as they travel with the proposal
 */
export function isAllowed(vote: Vote, statements: readonly Bytes[], roster: FleetRoster): boolean {
  const promises = statements.map((statement) => parsePromise(statement));
  const members = new Set(promises.map(({ node }) => node));
  const forIt = promises.every(
    ({ uid, index, ballot }) => equal(uid, vote.uid) && index === vote.index && compareBallots(ballot, vote.ballot) === 0,
  );
  const fenced = promises.some((one) => promises.some((other) => (other.incarnations[one.node - 1] ?? 0) > ownIncarnation(one)));
  if (promises.length !== roster.q || members.size !== roster.q || !forIt || fenced) return false;
  const reports = promises.flatMap(({ node, accepted }) => (accepted === null ? [] : [{ node, ...accepted }]));
  const highest = reports.reduce<Ballot | null>((top, { ballot }) => (compareBallots(ballot, top) > 0 ? ballot : top), null);
  if (highest === null) return true;
  const sides = new Map<string, Set<number>>();
  for (const { node, ballot, valueHash } of reports) {
    if (compareBallots(ballot, highest) !== 0) continue;
    sides.set(toHex(valueHash), (sides.get(toHex(valueHash)) ?? new Set<number>()).add(node));
  }
  if (sides.size > 1 && members.has(highest.node)) return false;
  const [most] = [...sides].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
  if (most === undefined || most[0] !== toHex(vote.valueHash)) return false;
  const isFirst = highest.round === firstRound(epochOf(highest.round));
  if (isFirst) return highest.incarnation === 1 && rankNodes(vote.uid, { ...roster, epoch: epochOf(highest.round) })[0] === highest.node;
  return new Set([highest.node, ...most[1]]).size >= exactUpTo(roster) + 1;
}

/** Epoch e has the rounds from (e - 1) 2^32 on (PROTOCOL 7.5). */
export function epochOf(round: number): number {
  return Math.floor(round / 2 ** 32) + 1;
}
