import { MemoryDeploymentRecord } from './deployment.memory.js';
import { deploymentRecordSuite } from './deployment.store.suite.js';

deploymentRecordSuite(async () => new MemoryDeploymentRecord());
