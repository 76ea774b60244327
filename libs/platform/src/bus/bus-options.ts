import type { Log } from '../logging/log.js';
import type { Clock } from '../clock/clock.js';
import type { BusObserver } from './bus-observer.js';

export interface BusOptions {
  /** `nats://[user:password@]host:port[,…]`. */
  readonly url: string;
  /** NATS_NKEY_FILE: the seed of the user's nkey. Without one the login of the URL counts, if it has one. */
  readonly nkeyFile?: string | undefined;
  /** Who is speaking, as in `hsm-node/main-1`: name of the connection and source of events. Up to the slash it is the user. */
  readonly name: string;
  readonly log: Log;
  readonly clock?: Clock;
  readonly observer?: BusObserver;
  /** How long the first connection may take. 10 s unless told. */
  readonly connectDeadlineMs?: number;
}

export interface CallOptions {
  /** `<fleetId>-<i>`, for addressed contracts and for those alone. */
  readonly node?: string;
  /** The contract's own unless told. */
  readonly timeoutMs?: number;
  /** Ends the wait, not the work at the other side. */
  readonly signal?: AbortSignal;
}

export interface ServeOptions {
  /** `<fleetId>-<i>`, for addressed contracts and for those alone. */
  readonly node?: string;
  /** Requests held at once; more are answered RATE_LIMITED. 1024 unless told. */
  readonly maxInFlight?: number;
}

export interface ListenOptions {
  /** Members of one queue share the messages; without it everyone gets each. */
  readonly queue?: string;
  /** Messages held at once; more are dropped. 1024 unless told. */
  readonly maxInFlight?: number;
}

/** Ends a subscription; messages that already arrived are still handled. */
export type Stop = () => Promise<void>;
