import type { Bytes, Hpke, RandomSource, SignatureVerifier, Signer } from '@strongroom/protocol';
import type { Step } from './call/call-context.js';
import type { RetryPolicy } from './call/retry.js';
import type { DeviceStore } from './device/device-store.js';
import type { Fetch } from './gateway/gateway-http.js';
import type { Clock } from './platform/clock.js';
import type { Stretcher } from './stretch/stretcher.js';

export interface VaultClientOptions {
  /** As in `https://vault.example`; may have a path. */
  readonly gatewayUrl: string;
  /** The trust-root document that the application ships (TRANSPARENCY 3), as text. */
  readonly trustRoot: string;
  /** Signed documents that replaced it, oldest first: each is believed by the signatures that the one before asks for. */
  readonly trustRootUpdates?: readonly string[];
  /** A fresh account token (JWT) bound to `bindingKey`; asked for before every request. */
  readonly accountToken: () => Promise<string>;
  /** Signs with the Ed25519 key that the token is bound to (RFC 7800 `cnf`). */
  readonly bindingKey: Signer;
  readonly deviceStore: DeviceStore;
  /** Where Argon2id runs: `webWorkerStretcher()`, or `workerThreadStretcher()` of `@strongroom/client/node`. */
  readonly stretcher: Stretcher;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** Ed25519 verification by the cofactorless equation; the default is the portable one. */
  readonly verifier?: SignatureVerifier;
  readonly hpke?: Hpke;
  readonly retries?: RetryPolicy;
  /** Longest wait for one answer, in ms; default 8,000. */
  readonly tryTimeoutMs?: number;
  /** Longest time of one call with all its retries, in ms; default 30,000. */
  readonly timeoutMs?: number;
  /**
   * Keeps on the device what `checkCode` needs. Off unless told: whoever has the device store and the backup key can then
   * find out the code by trying, at the price of Argon2id for each guess. Without the backup key it says nothing.
   */
  readonly keepCodeCheck?: boolean;
  /** Accepts a fleet that does not stretch codes. For benchmarks: never with codes that protect something. */
  readonly allowBenchSuite?: boolean;
}

export interface CallOptions {
  /** Stops the call; it rejects with the signal's reason. An attempt that was sent may have been counted. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Called when the call turns to its next step; a step repeats when it is tried again. */
  readonly onStep?: (step: Step) => void;
}

export interface ProtectOptions extends CallOptions {
  /** After this time nobody recovers the record any more. */
  readonly notAfter?: Date;
  /** Takes a code that many people choose, or that has fewer than six characters: ten tries may be enough to find it. */
  readonly allowWeakCode?: boolean;
}

/** The new code, and the backup key itself or the old code that brings it back (which spends one attempt until it is confirmed). */
export type CodeChange =
  { readonly newCode: string; readonly backupKey: Bytes } | { readonly newCode: string; readonly currentCode: string };
