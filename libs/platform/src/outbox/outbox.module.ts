import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Bus } from '../bus/bus.js';
import { Clock } from '../clock/clock.js';
import { Log } from '../logging/log.js';
import { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';

/** Outbox to write to, and the relay that sends. Needs PlatformModule and PostgresModule. */
@Module({})
export class OutboxModule {
  static forRoot(service: string): DynamicModule {
    return {
      module: OutboxModule,
      global: true,
      providers: [
        { provide: Outbox, useFactory: (clock: Clock) => new Outbox(`/${service}`, clock), inject: [Clock] },
        {
          provide: OutboxRelay,
          useFactory: (source: DataSource, bus: Bus, log: Log) => new OutboxRelay(source, bus, log),
          inject: [DataSource, Bus, Log],
        },
      ],
      exports: [Outbox, OutboxRelay],
    };
  }
}
