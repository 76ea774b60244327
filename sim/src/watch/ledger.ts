import { toHex, type Bytes, type Confirmation } from '@strongroom/protocol';
import type { SimAccount, SimAttempt, SimVersion } from '../clients/sim-account.js';

/** An attempt with what an attacker who sees every message has of it. */
export interface SeenAttempt {
  readonly attempt: SimAttempt;
  /** Its number in the log; logs may differ about it only where nodes need not agree. */
  index: number;
  /** Z_i by node. */
  readonly points: Map<number, Bytes>;
}

/** Everything that the observer knows of an account, from clients, from the bus and from disks. */
export class AccountLedger {
  readonly attempts = new Map<string, SeenAttempt>();
  /** Numbers at which a budget began anew: confirmed attempts that an honest node has stored, and fresh budgets. */
  readonly budgets = new Set<number>();
  /** Confirmations that clients have signed. */
  readonly signed = new Set<string>();
  /** Confirmations that were acknowledged to a client. */
  readonly acknowledged: { readonly index: number; readonly atMs: number }[] = [];
  /** When each entry was made, by its id. */
  readonly madeAtMs = new Map<string, number>();
  /** Versions that wait for a cool-down, by the time at which it is over. */
  readonly pendingUntilMs = new Map<number, number>();
  /** The highest confirmation that an honest node has stored. */
  stored: Confirmation | null = null;
  /** Hash of the value by index. */
  readonly decided = new Map<number, string>();
  /** As `decided`, for every value that q votes are out for. */
  readonly decidable = new Map<number, string>();
  /** Highest version whose registration was acknowledged to its client and was in force at once. */
  registered: SimVersion | null = null;

  constructor(readonly account: SimAccount) {}

  /** The highest confirmation that was acknowledged before `atMs`, 0 for none. */
  lastConfirmedBefore(atMs: number): number {
    return Math.max(0, ...this.acknowledged.filter((one) => one.atMs < atMs).map(({ index }) => index));
  }

  /** The latest begin of a budget below `index`. */
  budgetOf(index: number): number {
    return Math.max(0, ...[...this.budgets].filter((from) => from < index));
  }
}

export class Ledger {
  private readonly byUid = new Map<string, AccountLedger>();

  add(account: SimAccount): AccountLedger {
    const ledger = new AccountLedger(account);
    this.byUid.set(toHex(account.uid), ledger);
    return ledger;
  }

  get accounts(): readonly AccountLedger[] {
    return [...this.byUid.values()];
  }

  of(uid: Bytes): AccountLedger {
    const ledger = this.byUid.get(toHex(uid));
    if (ledger === undefined) throw new Error('an account that nobody has');
    return ledger;
  }
}

export function confirmationName({ ver, index, attemptId, signature }: Confirmation): string {
  return `${ver} ${index} ${toHex(attemptId)} ${toHex(signature)}`;
}
