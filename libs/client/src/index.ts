export * from './device/device-store.js';
export * from './device/memory-device-store.js';
export * from './device/web-device-store.js';
export * from './platform/clock.js';
export * from './platform/system-random.js';
export * from './stretch/stretcher.js';
export * from './stretch/web-worker-stretcher.js';
