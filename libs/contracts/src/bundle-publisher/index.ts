export * from './bundle.js';
export * from './events.js';
export * from './deployment.js';
