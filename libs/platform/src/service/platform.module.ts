import { Module, type DynamicModule } from '@nestjs/common';
import { Bus } from '../bus/bus.js';
import { Clock, SystemClock } from '../clock/clock.js';
import { SystemRandom } from '../clock/system-random.js';
import { HealthChecks } from '../health/health-checks.js';
import { HealthServer } from '../health/health-server.js';
import { Log } from '../logging/log.js';
import { busMetrics } from '../metrics/bus-metrics.js';
import { Metrics } from '../metrics/metrics.js';

export interface PlatformOptions {
  /** As in `hsm-node`: prefix of the metrics. */
  readonly service: string;
  /** Who speaks on the bus, as in `hsm-node/main-1`; the service unless told. */
  readonly identity?: string;
  readonly log: Log;
  /** NATS_URL. */
  readonly natsUrl: string;
  /** NATS_NKEY_FILE. */
  readonly natsNkeyFile?: string | undefined;
  /** HEALTH_PORT and HEALTH_HOST; port 0 for a service that shows health at its own HTTP door. */
  readonly health: { readonly port: number; readonly host: string };
}

/** What every service has: Log, Clock, SystemRandom, Metrics, HealthChecks and Bus, ready before its own providers. */
@Module({})
export class PlatformModule {
  static forRoot({ service, identity = service, log, natsUrl, natsNkeyFile, health }: PlatformOptions): DynamicModule {
    const bus = {
      provide: Bus,
      useFactory: async (clock: Clock, metrics: Metrics, checks: HealthChecks) => {
        const connected = await Bus.connect({
          url: natsUrl,
          nkeyFile: natsNkeyFile,
          name: identity,
          log,
          clock,
          observer: busMetrics(metrics),
        });
        checks.add('nats', () => connected.state === 'connected');
        return connected;
      },
      inject: [Clock, Metrics, HealthChecks],
    };
    const healthServer = {
      provide: HealthServer,
      useFactory: (checks: HealthChecks, metrics: Metrics) => HealthServer.listen(health.port, health.host, checks, metrics),
      inject: [HealthChecks, Metrics],
    };
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: Log, useValue: log },
        { provide: Clock, useClass: SystemClock },
        { provide: Metrics, useFactory: () => new Metrics(service) },
        SystemRandom,
        HealthChecks,
        bus,
        ...(health.port === 0 ? [] : [healthServer]),
      ],
      exports: [Log, Clock, Metrics, SystemRandom, HealthChecks, Bus],
    };
  }
}
