export * from './fleet/test-device.js';
export * from './fleet/test-fleet.js';
