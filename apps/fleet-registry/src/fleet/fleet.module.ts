import { Module, type DynamicModule } from '@nestjs/common';
import { EvidenceDoor } from '../evidence/evidence.nats.js';
import { FleetDoor } from './fleet.nats.js';
import { PgFleetStore } from './fleet.pg.js';
import { FleetPolicy } from './fleet.policy.js';
import { FleetService } from './fleet.service.js';
import { FleetStore } from './fleet.store.js';

@Module({})
export class FleetModule {
  static forRoot(policy: FleetPolicy): DynamicModule {
    return {
      module: FleetModule,
      providers: [
        { provide: FleetPolicy, useValue: policy },
        { provide: FleetStore, useClass: PgFleetStore },
        FleetService,
        FleetDoor,
        EvidenceDoor,
      ],
    };
  }
}
