import { Module, type DynamicModule } from '@nestjs/common';
import { OperatorModule, PlatformModule, type Log } from '@strongroom/platform';
import { OutboxModule, PostgresModule, type PostgresOptions } from '@strongroom/platform/database';
import type { Config } from './config.js';
import { EnrolmentEntity } from './enrolment/enrolment.entity.js';
import { EnrolmentModule } from './enrolment/enrolment.module.js';
import { FleetEntity } from './fleet/fleet.entity.js';
import { FleetModule } from './fleet/fleet.module.js';
import { CreateRegistry1763900000000 } from './migrations/1763900000000-create-registry.js';

const SERVICE = 'fleet-registry';

export function databaseOf(url: Config['DATABASE_URL']): PostgresOptions {
  return {
    url,
    service: SERVICE,
    schema: 'fleet_registry',
    entities: [EnrolmentEntity, FleetEntity],
    migrations: [CreateRegistry1763900000000],
  };
}

@Module({})
export class AppModule {
  static forRoot(config: Config, log: Log): DynamicModule {
    const health = { port: config.HEALTH_PORT, host: config.HEALTH_HOST };
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({ service: SERVICE, log, natsUrl: config.NATS_URL, natsNkeyFile: config.NATS_NKEY_FILE, health }),
        PostgresModule.forRoot(databaseOf(config.DATABASE_URL), log),
        OutboxModule.forRoot(SERVICE),
        OperatorModule.forRoot(config.TOKEN_ISSUERS, config.NODE_ENV),
        EnrolmentModule,
        FleetModule.forRoot({ allowBenchSuite: config.NODE_ENV !== 'production' }),
      ],
    };
  }
}
