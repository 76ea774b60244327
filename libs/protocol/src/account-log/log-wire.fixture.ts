import type { BatchHead } from '../batch/signed-statement.js';
import type { Ballot } from '../ballot/ballot.js';
import type { Bytes } from '../encoding/bytes.js';
import type { VaultError } from '../errors/protocol-error.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import type { Accepted, AccountLog, Confirmation, Proposal } from './account-log.js';
import type { AccountPolicy } from './account-policy.js';
import type { DecidedSet } from './evidence.js';
import type { LogEffect } from './log-message.js';

/** For specs only: what is on a simulated node's disk. */
export interface Durable {
  readonly account: AccountLog;
  readonly incarnations: readonly number[];
  readonly sets: readonly DecidedSet[];
}

/** For specs only: what simulated nodes say to each other. */
export interface BatchWire {
  readonly kind: 'batch';
  readonly from: number;
  readonly incarnation: number;
  readonly head: BatchHead | null;
  readonly statements: readonly Bytes[];
  readonly signature: Bytes;
  /** By leaf. */
  readonly proposals: Map<number, Proposal>;
  /** By leaf. */
  readonly reports: Map<number, { readonly accepted: Accepted | null }>;
  readonly nacks: { readonly index: number; readonly promised: Ballot }[];
  readonly refusals: { readonly index: number; readonly ballot: Ballot; readonly error: VaultError }[];
  readonly confirmations: readonly Confirmation[];
}

export interface RejoinAnswer {
  readonly from: number;
  readonly asked: number;
  /** The highest that the peer has stored for the asker. */
  readonly incarnation: number;
  /** Whether it was higher than any stored before: only then the answer counts (PROTOCOL 7.3). */
  readonly fresh: boolean;
  readonly incarnations: readonly number[];
  readonly sets: readonly DecidedSet[];
  readonly index: number;
  readonly promised: Ballot | null;
  readonly accepted: Accepted | null;
  readonly confirmation: Confirmation | null;
}

export type Wire =
  | BatchWire
  | { readonly kind: 'fetch'; readonly from: number; readonly fromIndex: number }
  | { readonly kind: 'sets'; readonly from: number; readonly sets: readonly DecidedSet[]; readonly confirmation: Confirmation | null }
  | { readonly kind: 'rejoin'; readonly from: number; readonly incarnation: number }
  | ({ readonly kind: 'rejoin-answer' } & RejoinAnswer);

/** What a node needs of the world around it. */
export interface Network<Node> {
  readonly roster: FleetRoster;
  readonly policy: AccountPolicy;
  nowMs(): number;
  send(from: number, to: number, wire: Wire): void;
  broadcast(from: number, wire: BatchWire, reach: (node: number) => boolean): void;
  after(delayMs: number, act: () => void): void;
  /** At once, unless `node` dies before. */
  soon(act: () => void, node: Node): void;
  flushSoon(node: Node): void;
  watch(node: Node, effects: readonly LogEffect[]): void;
  dropped(error: VaultError): void;
}
