import { ownIncarnation, type StatementHead } from './statement-head.js';

/**
 * The rule of PROTOCOL 4.6: a set counts only if no member's incarnation is lower than another member says for that node.
 * Nothing else about the reader matters, so nodes, laggards and clients come to the same verdict.
 */
export function incarnationsAgree(members: readonly StatementHead[]): boolean {
  return members.every((member) => members.every((other) => ownIncarnation(member) >= (other.incarnations[member.node - 1] ?? 0)));
}

/** The first q members, by distinct nodes, that may be counted together; null where there are none. */
export function findQuorum<T extends { readonly head: StatementHead }>(members: readonly T[], q: number): readonly T[] | null {
  const newest = new Map<number, T>();
  for (const member of members) {
    const known = newest.get(member.head.node);
    if (known === undefined || ownIncarnation(member.head) > ownIncarnation(known.head)) newest.set(member.head.node, member);
  }
  return search([...newest.values()], q, []);
}

/** Depth-first over at most 32 nodes; without a fenced member the first branch succeeds. */
function search<T extends { readonly head: StatementHead }>(left: readonly T[], q: number, taken: readonly T[]): readonly T[] | null {
  if (taken.length === q) return taken;
  for (const [i, candidate] of left.entries()) {
    if (left.length - i < q - taken.length) return null;
    const next = [...taken, candidate];
    if (!incarnationsAgree(next.map((member) => member.head))) continue;
    const found = search(left.slice(i + 1), q, next);
    if (found !== null) return found;
  }
  return null;
}
