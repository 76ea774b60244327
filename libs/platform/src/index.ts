export * from './bus/bus.js';
export * from './bus/bus.module.js';
export * from './bus/bus-observer.js';
export type * from './bus/bus-options.js';
export type { ConnectionState } from './bus/connection.js';
export type { RpcHandler } from './bus/served-contract.js';
export * from './clock/clock.js';
export * from './clock/system-random.js';
export * from './deadline/within.js';
