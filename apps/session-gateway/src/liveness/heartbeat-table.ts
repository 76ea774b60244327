/** What a node announces to its fleet every 250 ms (libs/contracts hsm-node/heartbeat). */
export interface Heartbeat {
  readonly node: number;
  readonly epoch?: number | undefined;
  readonly incarnation: number;
  readonly sequence: number;
  /** Whether the node takes part in votes: false until its rejoin is complete (PROTOCOL 7.3). */
  readonly ready: boolean;
  /** Shares that it still rebuilds (PROTOCOL 7.7). */
  readonly missingShares?: number | undefined;
  /** Versions that a refresh has not reached yet (PROTOCOL 7.8). */
  readonly staleShares?: number | undefined;
}

/** What a node's last heartbeat said; null where none said it. */
export interface LastHeard {
  readonly heardMsAgo: number | null;
  readonly ready: boolean;
  readonly incarnation: number | null;
  readonly missingShares: number | null;
  readonly staleShares: number | null;
}

interface Heard {
  readonly beat: Heartbeat;
  readonly atMs: number;
}

/** How long a node counts as live after its last heartbeat: four of them. */
export const LIVE_FOR_MS = 1_000;

/** Which nodes of one fleet are live. Heartbeats steer whom the gateway asks and prove nothing. */
export class HeartbeatTable {
  private readonly heard = new Map<number, Heard>();

  /** @param n nodes of the fleet, numbered 1 to n @param epoch the one that the bundle shows */
  constructor(
    private readonly n: number,
    private readonly epoch = 1,
  ) {}

  /**
   * Remembers a heartbeat, unless it is of no node of the fleet or was delivered late or twice. Nobody signs them: one
   * that claims a sequence far ahead must not silence its node for longer than it would keep it alive.
   */
  hear(beat: Heartbeat, nowMs: number): void {
    if (beat.node > this.n || (beat.epoch ?? this.epoch) !== this.epoch) return;
    const last = this.heard.get(beat.node);
    if (last === undefined || !isRecent(last, nowMs) || isNewer(beat, last.beat)) this.heard.set(beat.node, { beat, atMs: nowMs });
  }

  /** @param node 1 to n */
  last(node: number, nowMs: number): LastHeard {
    const heard = this.heard.get(node);
    if (heard === undefined) return { heardMsAgo: null, ready: false, incarnation: null, missingShares: null, staleShares: null };
    const { ready, incarnation, missingShares = null, staleShares = null } = heard.beat;
    return { heardMsAgo: Math.max(0, nowMs - heard.atMs), ready, incarnation, missingShares, staleShares };
  }

  isLive(node: number, nowMs: number): boolean {
    const heard = this.heard.get(node);
    return heard !== undefined && heard.beat.ready && isRecent(heard, nowMs);
  }

  /** Over all live nodes; null while one of them has not counted, or none is live. */
  missingShares(nowMs: number): number | null {
    const counts = this.countedBy(nowMs, ({ missingShares }) => missingShares);
    return counts && counts.reduce((sum, missing) => sum + missing, 0);
  }

  /** As the live node says that has the furthest to go; null while one of them has not counted, or none is live. */
  staleShares(nowMs: number): number | null {
    const counts = this.countedBy(nowMs, ({ staleShares }) => staleShares);
    return counts && Math.max(...counts);
  }

  private countedBy(nowMs: number, countOf: (beat: Heartbeat) => number | undefined): readonly number[] | null {
    const live = [...this.heard].filter(([node]) => this.isLive(node, nowMs)).map(([, { beat }]) => countOf(beat));
    const known = live.filter((count) => count !== undefined);
    return live.length === 0 || known.length < live.length ? null : known;
  }

  count(nowMs: number): number {
    let live = 0;
    for (const node of this.heard.keys()) if (this.isLive(node, nowMs)) live++;
    return live;
  }
}

function isRecent({ atMs }: Heard, nowMs: number): boolean {
  const ageMs = nowMs - atMs;
  // A clock that was set back must not keep a dead node alive for as long.
  return ageMs >= 0 && ageMs <= LIVE_FOR_MS;
}

function isNewer(beat: Heartbeat, last: Heartbeat): boolean {
  return beat.incarnation > last.incarnation || (beat.incarnation === last.incarnation && beat.sequence > last.sequence);
}
