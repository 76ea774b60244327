import { Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** One registry for the whole process. */
@Module({})
export class MetricsModule {
  static forRoot(metrics: Metrics): DynamicModule {
    return { module: MetricsModule, global: true, providers: [{ provide: Metrics, useValue: metrics }], exports: [Metrics] };
  }
}
