import { MemoryAuditStore } from './audit.memory.js';
import { auditStoreSuite } from './audit.store.suite.js';

auditStoreSuite(async () => new MemoryAuditStore());
