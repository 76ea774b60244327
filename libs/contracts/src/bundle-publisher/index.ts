export * from './bundle.js';
export * from './events.js';
