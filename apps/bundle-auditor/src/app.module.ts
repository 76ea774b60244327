import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule, type Log } from '@strongroom/platform';
import { PostgresModule, type PostgresOptions } from '@strongroom/platform/database';
import { SignedEpochEntity, StatementEntity } from './audit/audit.entity.js';
import type { Config } from './config.js';
import { readIdentity } from './identity/read-identity.js';
import { LogModule } from './log/log.module.js';
import { CreateRecord1763900000000 } from './migrations/1763900000000-create-record.js';

const SERVICE = 'bundle-auditor';

export function databaseOf(url: Config['DATABASE_URL']): PostgresOptions {
  return {
    url,
    service: SERVICE,
    schema: 'bundle_auditor',
    entities: [SignedEpochEntity, StatementEntity],
    migrations: [CreateRecord1763900000000],
  };
}

@Module({})
export class AppModule {
  static async forRoot(config: Config, log: Log): Promise<DynamicModule> {
    const health = { port: config.HEALTH_PORT, host: config.HEALTH_HOST };
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({ service: SERVICE, log, natsUrl: config.NATS_URL, natsNkeyFile: config.NATS_NKEY_FILE, health }),
        PostgresModule.forRoot(databaseOf(config.DATABASE_URL), log),
        LogModule.forRoot(config, await readIdentity(config)),
      ],
    };
  }
}
