export * from './example-bundle.js';
export * from './example-deployment.js';
export * from './example-log.js';
export * from './memory-tiles.js';
