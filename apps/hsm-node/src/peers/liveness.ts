import type { Roster } from '../roster/roster.js';

/** A peer that was not heard for this long counts as down (PROTOCOL 7.6). */
export const LIVE_FOR_MS = 1_000;
export const HEARTBEAT_MS = 250;

/** Who was heard lately. Decides only whom to ask and when to say FLEET_UNAVAILABLE at once. */
export class Liveness {
  private readonly heardAtMs = new Map<number, number>();

  constructor(
    private readonly roster: Pick<Roster, 'n' | 'q' | 'self' | 'epoch'>,
    private readonly nowMs: () => number,
  ) {}

  /** This node hears its own heartbeats too, and anybody on the bus can send some: only peers that take part count. */
  heard({ node, ready, epoch }: { readonly node: number; readonly ready: boolean; readonly epoch?: number | undefined }): void {
    if (node === this.roster.self || node > this.roster.n || (epoch ?? this.roster.epoch) !== this.roster.epoch) return;
    if (ready) this.heardAtMs.set(node, this.nowMs());
    else this.heardAtMs.delete(node);
  }

  get livePeers(): readonly number[] {
    const now = this.nowMs();
    return [...this.heardAtMs].filter(([, atMs]) => now - atMs < LIVE_FOR_MS).map(([node]) => node);
  }

  /** Whether q nodes, this one included, can be reached. */
  get hasQuorum(): boolean {
    return this.livePeers.length >= this.roster.q - 1;
  }
}
