export * from './fleet/test-device.js';
export * from './fleet/test-fleet.js';
export * from './browser/find-chromium.js';
export * from './browser/open-chromium.js';
