import { Injectable } from '@nestjs/common';
import { Metrics } from '@strongroom/platform';
import { vaultErrorOf } from '../fleet/vault-error-of.js';
import type { FleetHealth } from '../liveness/liveness.service.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** What the gateway counts. Labels are routes, statuses, codes and fleets: never an account or an address. */
@Injectable()
export class GatewayMetrics {
  private readonly requests;
  private readonly attempts;
  private readonly hedges;
  private readonly webhooks;
  private readonly liveNodes;
  private readonly missingShares;
  private readonly staleShares;

  constructor(metrics: Metrics) {
    this.requests = metrics.histogram(
      { thing: 'request_duration', unit: 'seconds', help: 'Answered requests by route.', labels: ['method', 'route', 'status'] },
      SECONDS,
    );
    this.attempts = metrics.counter({ thing: 'attempts', unit: 'total', help: 'Attempts by outcome.', labels: ['outcome'] });
    this.hedges = metrics.counter({ thing: 'hedges', unit: 'total', help: 'Times that another node was asked because one was late.' });
    this.webhooks = metrics.counter({
      thing: 'webhooks',
      unit: 'total',
      help: 'Tries and ends of webhook messages by outcome.',
      labels: ['outcome'],
    });
    this.liveNodes = metrics.gauge({ thing: 'live_nodes', unit: 'count', help: 'Nodes heard within the last second.', labels: ['fleet'] });
    this.missingShares = metrics.gauge({
      thing: 'missing_shares',
      unit: 'count',
      help: 'Shares that live nodes lack and rebuild.',
      labels: ['fleet'],
    });
    this.staleShares = metrics.gauge({
      thing: 'stale_shares',
      unit: 'count',
      help: 'Versions whose shares a refresh has not made anew yet.',
      labels: ['fleet'],
    });
  }

  /** A property, so that it can be passed on as it is. */
  readonly hedged = (): void => this.hedges.inc();

  readonly webhook = (outcome: string): void => this.webhooks.inc({ outcome });

  request(method: string, route: string, status: number, ms: number): void {
    this.requests.observe({ method, route, status }, ms / 1000);
  }

  /** Counts how the attempt ended and passes that on. */
  async attempt<T>(result: Promise<T>): Promise<T> {
    try {
      const value = await result;
      this.attempts.inc({ outcome: 'evaluated' });
      return value;
    } catch (error) {
      this.attempts.inc({ outcome: vaultErrorOf(error).code });
      throw error;
    }
  }

  live(fleets: readonly FleetHealth[]): void {
    this.liveNodes.reset();
    this.missingShares.reset();
    this.staleShares.reset();
    for (const { fleetId, live, missingShares, staleShares } of fleets) {
      this.liveNodes.set({ fleet: fleetId }, live);
      if (missingShares !== null) this.missingShares.set({ fleet: fleetId }, missingShares);
      if (staleShares !== null) this.staleShares.set({ fleet: fleetId }, staleShares);
    }
  }
}
