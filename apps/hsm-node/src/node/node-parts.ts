import type { Bus, Clock, Log, SystemRandom, TokenVerifier } from '@strongroom/platform';
import type { SignatureVerifier } from '@strongroom/protocol';
import type { Evaluator } from '../evaluation/evaluator.js';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import type { Keystore } from '../keystore/keystore.js';
import type { NodeSoftware } from '../possession/possession-desk.js';
import type { RosterHistory } from '../roster/roster-history.js';
import type { DealtShares } from '../shares/dealt-share.js';
import type { RecordStageService } from '../shares/record-stage.service.js';
import type { ShareVault } from '../shares/share-vault.js';
import type { NodeStore } from '../storage/node-store.js';
import type { EntryAuthority } from '../tokens/entry-authority.js';

/** The part of the bus that a node uses. */
export type NodeBus = Pick<Bus, 'call' | 'serve' | 'broadcast' | 'onBroadcast' | 'emit'>;

/** What a node has, whichever fleet it serves. */
export interface NodeParts {
  readonly bus: NodeBus;
  readonly clock: Clock;
  readonly random: SystemRandom;
  readonly log: Log;
  readonly store: NodeStore;
  readonly keystore: Keystore;
  readonly vault: ShareVault;
  readonly evaluator: Evaluator;
  readonly dealt: DealtShares;
  readonly staging: RecordStageService;
  readonly group: SodiumGroup;
  readonly authority: EntryAuthority;
  readonly tokens: TokenVerifier;
  readonly verifier: SignatureVerifier;
  readonly history: RosterHistory;
  readonly rules: NodeRules;
  readonly software: NodeSoftware;
}

/** The rules that the operator sets for every node of a fleet alike. */
export interface NodeRules {
  readonly delaysMs: readonly number[];
  readonly coolDownMs: number;
  readonly eraseDeadlineMs: number;
  /** Shares rebuilt in a second at most (PROTOCOL 7.7). */
  readonly repairPerSecond: number;
  /** Versions that this node shares anew in a second at most (PROTOCOL 7.8). */
  readonly refreshPerSecond: number;
  /** Between two comparisons with a peer, 0 for none, and accounts told in a page at most (PROTOCOL 7.4). */
  readonly antiEntropyIntervalMs: number;
  readonly antiEntropyAccounts: number;
}
