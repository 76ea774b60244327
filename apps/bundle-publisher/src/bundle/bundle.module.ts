import { Module, type DynamicModule } from '@nestjs/common';
import { BundleLog } from '../bundle-log/bundle-log.js';
import { NatsBundleLog } from '../bundle-log/bundle-log.nats.js';
import { NatsCountersigner } from '../countersigner/countersigner.nats.js';
import { Countersigner } from '../countersigner/countersigner.js';
import { DeploymentDoor } from '../deployment/deployment.nats.js';
import { PgDeploymentStore } from '../deployment/deployment.pg.js';
import { DeploymentService } from '../deployment/deployment.service.js';
import { DeploymentStore } from '../deployment/deployment.store.js';
import { PublisherIdentity } from '../identity/identity.js';
import { NatsRegistry } from '../registry/registry.nats.js';
import { Registry } from '../registry/registry.js';
import { BundleDoor } from './bundle.nats.js';
import { PgBundleStore } from './bundle.pg.js';
import { BundleService } from './bundle.service.js';
import { BundleStore } from './bundle.store.js';
import { BundleUpkeep } from './bundle-upkeep.js';

@Module({})
export class BundleModule {
  static forRoot(identity: PublisherIdentity): DynamicModule {
    return {
      module: BundleModule,
      providers: [
        { provide: PublisherIdentity, useValue: identity },
        { provide: BundleStore, useClass: PgBundleStore },
        { provide: Registry, useClass: NatsRegistry },
        { provide: Countersigner, useClass: NatsCountersigner },
        { provide: BundleLog, useClass: NatsBundleLog },
        { provide: DeploymentStore, useClass: PgDeploymentStore },
        BundleService,
        BundleDoor,
        BundleUpkeep,
        DeploymentService,
        DeploymentDoor,
      ],
      exports: [BundleStore],
    };
  }
}
