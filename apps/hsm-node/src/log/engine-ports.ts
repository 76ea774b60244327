import type { Log } from '@strongroom/platform';
import type { AccountLog, AccountPolicy, FleetRoster, SignatureVerifier, Signer } from '@strongroom/protocol';
import type { NodeStore } from '../storage/node-store.js';
import type { AccountRows } from './account-rows.js';
import type { AccountEffect, BatchMessage } from './outgoing-batch.js';

export interface LogEngineOptions {
  readonly store: NodeStore;
  readonly rows: AccountRows;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly policy: AccountPolicy;
  readonly verifier: SignatureVerifier;
  readonly signer: Signer;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly publish: (message: BatchMessage) => void;
}

/** Told what the log did. `decided` rests on q durable votes, so it is told before this node's own flush. */
export interface LogListener {
  readonly beforeFlush?: (effect: AccountEffect, account: AccountLog) => void;
  readonly afterFlush?: (effect: AccountEffect, account: AccountLog) => void;
  /** An account as it is on the disk from now on. */
  readonly kept?: (account: AccountLog) => void;
}
