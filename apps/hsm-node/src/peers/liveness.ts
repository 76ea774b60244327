/** A peer that was not heard for this long counts as down (PROTOCOL 7.6). */
export const LIVE_FOR_MS = 1_000;
export const HEARTBEAT_MS = 250;

/** Who was heard lately. Decides only whom to ask and when to say FLEET_UNAVAILABLE at once. */
export class Liveness {
  private readonly heardAtMs = new Map<number, number>();

  constructor(
    private readonly q: number,
    private readonly nowMs: () => number,
  ) {}

  heard(node: number): void {
    this.heardAtMs.set(node, this.nowMs());
  }

  get livePeers(): readonly number[] {
    const now = this.nowMs();
    return [...this.heardAtMs].filter(([, atMs]) => now - atMs < LIVE_FOR_MS).map(([node]) => node);
  }

  /** Whether q nodes, this one included, can be reached. */
  get hasQuorum(): boolean {
    return this.livePeers.length >= this.q - 1;
  }
}
