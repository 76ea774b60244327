import type { CrashPoint } from '../disk/sim-disk.js';
import type { Weather } from '../network/sim-network.js';

/** What may happen at a moment of a run. Accounts and nodes are named by number; nodes from 1. */
export type Action =
  | { readonly kind: 'register'; readonly account: number; readonly byOwner: boolean; readonly dies: boolean }
  | {
      readonly kind: 'attempt';
      readonly account: number;
      readonly right: boolean;
      /** The node that is asked first, null for the account's home. */
      readonly first: number | null;
      readonly confirm: 'now' | 'later';
      /** How long the token of it lasts, null for ever. */
      readonly tokenMs: number | null;
      /** After how long the client dies, null for never. */
      readonly diesMs: number | null;
    }
  | { readonly kind: 'confirm'; readonly account: number }
  | { readonly kind: 'resend'; readonly account: number; readonly first: number }
  | { readonly kind: 'delete'; readonly account: number; readonly byOwner: boolean }
  | { readonly kind: 'cancel'; readonly account: number }
  | { readonly kind: 'crash'; readonly node: number; readonly when: 'now' | CrashPoint }
  | { readonly kind: 'restart'; readonly node: number }
  | { readonly kind: 'snapshot'; readonly node: number }
  | { readonly kind: 'rollback'; readonly node: number }
  | {
      readonly kind: 'replace';
      readonly node: number;
      /** How long it takes until each node learns of it, by its place. */
      readonly learnMs: readonly number[];
    }
  | { readonly kind: 'rot'; readonly node: number }
  | { readonly kind: 'diskFull'; readonly node: number; readonly times: number }
  | { readonly kind: 'slow'; readonly node: number; readonly ms: number }
  | { readonly kind: 'skew'; readonly node: number; readonly ms: number }
  | { readonly kind: 'cut'; readonly from: readonly number[]; readonly to: readonly number[] }
  | { readonly kind: 'heal' }
  | { readonly kind: 'weather'; readonly weather: Weather }
  | {
      readonly kind: 'withhold';
      readonly from: number;
      /** As messages begin with: everybody's, or those for these nodes alone. */
      readonly name: string;
      readonly to?: readonly number[];
    }
  | { readonly kind: 'release' }
  | { readonly kind: 'replay'; readonly times: number }
  | { readonly kind: 'forge' }
  | { readonly kind: 'harvest' }
  | { readonly kind: 'wait'; readonly ms: number; readonly why: string };

export interface PlannedStep {
  readonly action: Action;
  /** How long the fleet is left to itself afterwards. */
  readonly thenMs: number;
}

/** Everything about a run that its seed decides before it begins. */
export interface Plan {
  readonly seed: number;
  readonly n: number;
  readonly t: number;
  readonly q: number;
  readonly attempts: number;
  readonly accounts: number;
  readonly delaysMs: readonly number[];
  /** Nodes that belong to the attacker. */
  readonly corrupt: readonly number[];
  /** Between two comparisons of accounts (PROTOCOL 7.4); none unless the run asks for them. */
  readonly antiEntropyMs?: number;
  readonly steps: readonly PlannedStep[];
}
