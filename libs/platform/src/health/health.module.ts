import { Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { HealthChecks } from './health-checks.js';
import { HealthServer } from './health-server.js';

export interface HealthOptions {
  /** 0: no server, for services whose own HTTP door shows health. */
  readonly port: number;
  readonly host: string;
}

/** HealthChecks for everybody, and the little server that shows them. Needs MetricsModule. */
@Module({})
export class HealthModule {
  static forRoot({ port, host }: HealthOptions): DynamicModule {
    const server = {
      provide: HealthServer,
      useFactory: (checks: HealthChecks, metrics: Metrics) => HealthServer.listen(port, host, checks, metrics),
      inject: [HealthChecks, Metrics],
    };
    const providers = port === 0 ? [HealthChecks] : [HealthChecks, server];
    return { module: HealthModule, global: true, providers, exports: [HealthChecks] };
  }
}
