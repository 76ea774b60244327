import type { Bytes, Hpke, RandomSource, SignatureVerifier, Signer } from '@strongroom/protocol';
import type { DeviceStore } from '../device/device-store.js';
import type { BundleKeeper } from '../fleet/bundle-keeper.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Clock } from '../platform/clock.js';
import type { Purpose } from '@strongroom/transparency';
import type { Stretcher } from '../stretch/stretcher.js';
import type { Deadline } from './deadline.js';
import type { RetryPolicy } from './retry.js';

/** What a call is doing now, for a progress line. */
export type Step = 'bundle' | 'status' | 'stretching' | 'registering' | 'attempting' | 'confirming' | 'deleting' | 'cancelling';

/** The parts of the client that every capability works with. */
export interface ClientParts {
  readonly gateway: Gateway;
  readonly bundles: BundleKeeper;
  readonly device: DeviceStore;
  readonly bindingKey: Signer;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly verifier: SignatureVerifier;
  readonly hpke: Hpke;
  readonly stretcher: Stretcher;
  readonly allowBenchSuite: boolean;
  readonly retries: RetryPolicy;
}

/** One running call of the client for one account. */
export interface CallContext extends ClientParts {
  /** Account id of the token, 32 bytes. */
  readonly uid: Bytes;
  readonly deadline: Deadline;
  /** How strictly the call takes a bundle: one that seals secrets to its keys asks more of the witnesses. */
  readonly purpose: Purpose;
  readonly onStep: (step: Step) => void;
}
