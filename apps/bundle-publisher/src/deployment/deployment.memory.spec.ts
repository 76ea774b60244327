import { MemoryDeploymentStore } from './deployment.memory.js';
import { deploymentStoreSuite } from './deployment.store.suite.js';

deploymentStoreSuite(async () => new MemoryDeploymentStore());
