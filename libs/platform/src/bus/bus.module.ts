import { Module, type DynamicModule } from '@nestjs/common';
import { Bus } from './bus.js';
import type { BusOptions } from './bus-options.js';

/** Gives every provider of the application the one Bus of its process, connected before anything starts. */
@Module({})
export class BusModule {
  static forRoot(options: BusOptions): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [{ provide: Bus, useFactory: () => Bus.connect(options) }],
      exports: [Bus],
    };
  }
}
