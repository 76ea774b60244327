import { Module, type DynamicModule } from '@nestjs/common';
import { NatsEvidenceSource } from '../evidence/evidence.nats.js';
import { EvidenceSource } from '../evidence/evidence.js';
import { AuditorIdentity } from '../identity/identity.js';
import { AuditDoor } from './audit.nats.js';
import { PgAuditStore } from './audit.pg.js';
import { AuditService } from './audit.service.js';
import { AuditStore } from './audit.store.js';

@Module({})
export class AuditModule {
  static forRoot(identity: AuditorIdentity): DynamicModule {
    return {
      module: AuditModule,
      providers: [
        { provide: AuditorIdentity, useValue: identity },
        { provide: AuditStore, useClass: PgAuditStore },
        { provide: EvidenceSource, useClass: NatsEvidenceSource },
        AuditService,
        AuditDoor,
      ],
      exports: [AuditorIdentity, AuditStore],
    };
  }
}
