import type { Readable } from 'node:stream';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LIVE_EVENTS, type EventContract } from '@strongroom/contracts';
import { Clock } from '@strongroom/platform';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { LivenessService } from '../liveness/liveness.service.js';
import { LiveWatchers } from './live-watchers.js';

const TICK_MS = 1_000;

/** Passes on what the nodes tell, as it is heard. Anybody on the bus may have said it: it is for eyes and decides nothing. */
@Injectable()
export class LiveService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly watchers = new LiveWatchers();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: GatewayBus,
    private readonly clock: Clock,
    private readonly liveness: LivenessService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const contract of LIVE_EVENTS) await this.follow<unknown>(contract);
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Open streams would keep the server from ending. */
  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.watchers.endAll();
  }

  /** @throws RATE_LIMITED */
  watch(expiresAtMs: number): Readable {
    const stream = this.watchers.add(this.clock.nowMs(), expiresAtMs);
    this.sendNodes();
    return stream;
  }

  /** Once a second, which also keeps proxies from closing a quiet connection. */
  tick(): void {
    this.watchers.endOverdue(this.clock.nowMs());
    if (this.watchers.count > 0) this.sendNodes();
  }

  private sendNodes(): void {
    this.watchers.send('nodes', { fleets: this.liveness.nodes() });
  }

  /** What the contract knows of an event and no more: a member that somebody added would go to browsers unseen. */
  private async follow<Data>({ subject, data }: Pick<EventContract<Data>, 'subject' | 'data'>): Promise<void> {
    await this.bus.onEvent({ subject, data }, (told, { id, time }) => this.watchers.send('told', { id, time, type: subject, data: told }));
  }
}
