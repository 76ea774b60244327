export { VaultClient } from './vault-client.js';
export { openBindingKey } from './account/binding-key.js';
export type { CodeCheck } from './check/check-code.js';
export type { CallOptions, CodeChange, ProtectOptions, VaultClientOptions } from './client-options.js';
export { weaknessOf, type Weakness } from './code/weak-code.js';
export type { Step } from './call/call-context.js';
export { DEFAULT_RETRIES, type RetryPolicy } from './call/retry.js';
export type { ForgetResult } from './change/change-entry.js';
export { DeviceStore } from './device/device-store.js';
export { MemoryDeviceStore } from './device/memory-device-store.js';
export { WebDeviceStore } from './device/web-device-store.js';
export type { FleetReport } from './fleet/verified-fleet.js';
export type { Fetch } from './gateway/gateway-http.js';
export type { HistoryEntry, VaultHistory } from './history/vault-history.js';
export { systemClock, type Clock } from './platform/clock.js';
export { systemRandom } from './platform/system-random.js';
export type { ProtectResult } from './protect/protect.js';
export type { ExcludedNode } from './recover/excluded-node.js';
export type { RecoverResult } from './recover/recover.js';
export type { VaultStatus } from './status/vault-status.js';
export type { Stretcher } from './stretch/stretcher.js';
export { webWorkerStretcher, type WebWorker } from './stretch/web-worker-stretcher.js';
export {
  VaultError,
  type Bytes,
  type ErrorCode,
  type ErrorMetadata,
  type Hpke,
  type RandomSource,
  type Secret,
  type SignatureVerifier,
  type Signer,
} from '@strongroom/protocol';
