import type { AccountLog, Bytes } from '@strongroom/protocol';
import type { AccountRows } from './account-rows.js';

const MAX_CACHED = 20_000;

/** Accounts as decided last, flushed or not. Whatever is not on disk stays here; the rest may go. */
export class AccountCache {
  private readonly accounts = new Map<string, AccountLog>();
  /** Accounts with a proposal of this node under way. */
  private readonly proposing = new Map<string, Bytes>();

  constructor(private readonly rows: AccountRows) {}

  /** What is only looked at is not kept: reading through all accounts must not fill the memory. */
  get(uid: Bytes): AccountLog {
    return this.accounts.get(keyOf(uid)) ?? this.rows.load(uid);
  }

  set(account: AccountLog): void {
    const key = keyOf(account.uid);
    this.accounts.set(key, account);
    if (account.round === null) this.proposing.delete(key);
    else this.proposing.set(key, account.uid);
  }

  get proposers(): Iterable<Bytes> {
    return this.proposing.values();
  }

  /**
   * Call it between flushes only: what is idle then is on disk as it is here. When that is not enough, accounts go of
   * which there are only votes that others cast: a liar can make up any number of those, and honest ones come again.
   */
  evict(): void {
    this.drop(({ round, wanted, seen }) => round === null && wanted.length === 0 && seen.length === 0);
    this.drop(({ round, wanted }) => round === null && wanted.length === 0);
  }

  private drop(mayGo: (account: AccountLog) => boolean): void {
    if (this.accounts.size <= MAX_CACHED) return;
    for (const [key, account] of this.accounts) {
      if (mayGo(account)) this.accounts.delete(key);
      if (this.accounts.size <= MAX_CACHED) return;
    }
  }
}

/** A string that names an account in memory. */
export function keyOf(uid: Bytes): string {
  return Buffer.from(uid.buffer, uid.byteOffset, uid.byteLength).toString('latin1');
}
