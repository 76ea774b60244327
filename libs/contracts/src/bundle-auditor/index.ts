export * from './bundle.js';
export * from './deployment.js';
