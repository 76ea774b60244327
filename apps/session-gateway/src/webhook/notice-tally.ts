import { toHex, type AccountNotice } from '@strongroom/protocol';

/** Notices that wait for their quorum, or are remembered as told; beyond that the oldest are forgotten. */
const MAX_KNOWN = 20_000;

/** Counts who says the same: a notice is told once, when q nodes have signed it, so that no single node can make a webhook. */
export class NoticeTally {
  private readonly known = new Map<string, Set<number> | 'told'>();

  /** @param notice whose signature was checked @returns whether it is the one that makes q */
  count({ fleetId, uid, kind, number, node }: AccountNotice, q: number): boolean {
    const name = `${fleetId}.${toHex(uid)}.${kind}.${number}`;
    const nodes = this.known.get(name) ?? new Set<number>();
    if (nodes === 'told') return false;
    nodes.add(node);
    this.known.set(name, nodes.size >= q ? 'told' : nodes);
    const oldest = this.known.keys().next();
    if (this.known.size > MAX_KNOWN && oldest.done !== true) this.known.delete(oldest.value);
    return nodes.size >= q;
  }
}
