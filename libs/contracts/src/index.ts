export * from './define/index.js';
export * from './errors/index.js';
export * from './hsm-node/index.js';
export * from './fleet-registry/index.js';
export * from './bundle-publisher/index.js';
export * from './bundle-auditor/index.js';
export * from './session-gateway/index.js';
export * from './openapi/index.js';
export { allContracts, type ListedContract } from './generate/all-contracts.js';
