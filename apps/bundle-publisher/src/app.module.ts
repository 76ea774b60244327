import { Module, type DynamicModule } from '@nestjs/common';
import { OperatorModule, PlatformModule, type Log } from '@strongroom/platform';
import { OutboxModule, PostgresModule, type PostgresOptions } from '@strongroom/platform/database';
import { BundleEntity, DraftEntity } from './bundle/bundle.entity.js';
import { BundleModule } from './bundle/bundle.module.js';
import type { Config } from './config.js';
import { DeploymentEntity } from './deployment/deployment.entity.js';
import { readIdentity } from './identity/read-identity.js';
import { MirrorModule } from './mirror/mirror.module.js';
import { CreateBundles1763900000000 } from './migrations/1763900000000-create-bundles.js';
import { CreateDeployments1764000000001 } from './migrations/1764000000001-create-deployments.js';

const SERVICE = 'bundle-publisher';

export function databaseOf(url: Config['DATABASE_URL']): PostgresOptions {
  return {
    url,
    service: SERVICE,
    schema: 'bundle_publisher',
    entities: [BundleEntity, DraftEntity, DeploymentEntity],
    migrations: [CreateBundles1763900000000, CreateDeployments1764000000001],
  };
}

@Module({})
export class AppModule {
  static async forRoot(config: Config, log: Log): Promise<DynamicModule> {
    const identity = await readIdentity(config);
    const bundles = BundleModule.forRoot(identity);
    const health = { port: config.HEALTH_PORT, host: config.HEALTH_HOST };
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({ service: SERVICE, log, natsUrl: config.NATS_URL, natsNkeyFile: config.NATS_NKEY_FILE, health }),
        PostgresModule.forRoot(databaseOf(config.DATABASE_URL), log),
        OutboxModule.forRoot(SERVICE),
        OperatorModule.forRoot(config.TOKEN_ISSUERS, config.NODE_ENV),
        bundles,
        MirrorModule.forRoot(config, identity.trustRoot, bundles),
      ],
    };
  }
}
