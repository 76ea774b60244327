import { batchBroadcast, nodeHeartbeat, recordHeld } from '@strongroom/contracts';
import type { Stop } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';
import type { AccountRows } from '../log/account-rows.js';
import type { LogEngine } from '../log/log-engine.js';
import { HEARTBEAT_MS } from '../peers/liveness.js';
import type { Roster } from '../roster/roster.js';
import { servePeers, serveSessions } from './fleet-node.nats.js';
import type { NodeParts } from './node-parts.js';
import { wireServices, type NodeServices } from './node-services.js';

const TICK_MS = 50;
const DEADLINE_TICK_MS = 250;
const REVIEW_PAGE = 500;

/** The life of one node in one epoch of its fleet, from rejoin to shutdown. */
export class FleetNode {
  readonly services: NodeServices;

  private readonly stopping = new AbortController();
  private readonly stops: Stop[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private started: Promise<void> = Promise.resolve();
  private working: Promise<unknown> = Promise.resolve();
  private readyNow = false;
  private heartbeats = 0;

  constructor(
    private readonly parts: NodeParts,
    readonly roster: Roster,
  ) {
    this.services = wireServices(parts, roster, this.stopping.signal);
  }

  get engine(): LogEngine {
    return this.services.engine;
  }

  /** Whether the rejoin is complete: before it this node votes for nothing (PROTOCOL 7.3). */
  get ready(): boolean {
    return this.readyNow;
  }

  /** Answers peers at once, everybody else after the rejoin. Resolves when the node takes part. */
  start(): Promise<void> {
    this.started = this.join();
    return this.started;
  }

  private async join(): Promise<void> {
    const { bus } = this.parts;
    const { fleetId } = this.roster;
    this.stops.push(...(await servePeers(bus, this.roster, this.services, this.parts.history)));
    this.stops.push(await bus.onBroadcast(nodeHeartbeat, fleetId, (heartbeat) => this.services.liveness.heard(heartbeat)));
    this.every(HEARTBEAT_MS, () => this.beat());
    await this.services.rejoin.run();
    this.stopping.signal.throwIfAborted();
    this.stops.push(await bus.onBroadcast(batchBroadcast, fleetId, (message) => this.services.inbox.receive(message)));
    this.stops.push(await bus.onBroadcast(recordHeld, fleetId, (message) => this.services.held.hear(message)));
    this.stops.push(...(await serveSessions(bus, this.roster, this.services, this.parts.staging)));
    this.readyNow = true;
    this.beat();
    this.every(TICK_MS, () => this.engine.tick());
    this.every(DEADLINE_TICK_MS, () => void this.services.keeper.tick());
    this.services.events.joined(this.engine.chain.own.incarnation);
    await this.review();
    const { repairs, refresh, antiEntropy, historySweep } = this.services;
    this.working = Promise.all([repairs.run(), refresh.run(), antiEntropy.run(), historySweep.run()]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    // What was being set up would outlive this node otherwise; why it ended is told to whoever started it.
    await Promise.allSettled([this.started]);
    this.readyNow = false;
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.stops.map((stop) => stop()));
    await this.working;
    await this.engine.settled();
    await this.services.keeper.settled();
    this.services.sets.close();
    await this.engine.close();
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }

  private beat(): void {
    this.heartbeats += 1;
    const { incarnation } = this.engine.chain.own;
    const { repairs, refresh } = this.services;
    const missing = repairs.counted ? { missingShares: repairs.progress.missing } : {};
    const stale = refresh.counted ? { staleShares: refresh.progress.stale } : {};
    const { self: node, epoch } = this.roster;
    const own = { node, epoch, incarnation: Math.max(1, incarnation), ready: this.readyNow, sequence: this.heartbeats };
    const message = { ...own, ...missing, ...stale };
    this.parts.bus.broadcast(nodeHeartbeat, this.roster.fleetId, message);
  }

  /** What was decided just before a crash may not have reached the vault. */
  private async review(): Promise<void> {
    for (let after: Bytes | null = null; ;) {
      const page: ReturnType<AccountRows['page']> = this.services.rows.page(after, REVIEW_PAGE);
      for (const { uid } of page.accounts) {
        if (this.stopping.signal.aborted) return;
        await this.services.keeper.review(this.engine.account(uid));
      }
      if (page.next === null) return;
      after = page.next;
    }
  }
}
