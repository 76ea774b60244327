export { FileDeviceStore } from './file-device-store.js';
export { workerThreadStretcher } from './worker-thread-stretcher.js';
export { accountInWebhooks } from './webhook-account.js';
