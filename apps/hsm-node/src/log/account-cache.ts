import type { AccountLog, Bytes } from '@strongroom/protocol';
import type { AccountRows } from './account-rows.js';

const MAX_CACHED = 20_000;

/** Accounts as decided last, flushed or not. Whatever is not on disk stays here; the rest may go. */
export class AccountCache {
  private readonly accounts = new Map<string, AccountLog>();
  /** Accounts with a proposal of this node under way. */
  private readonly proposing = new Map<string, Bytes>();

  constructor(private readonly rows: AccountRows) {}

  get(uid: Bytes): AccountLog {
    const key = keyOf(uid);
    const known = this.accounts.get(key);
    if (known !== undefined) return known;
    const loaded = this.rows.load(uid);
    this.accounts.set(key, loaded);
    return loaded;
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

  /** Call it between flushes only: what is idle then is on disk as it is here. */
  evict(): void {
    for (const [key, { round, wanted, seen }] of this.accounts) {
      if (this.accounts.size <= MAX_CACHED) return;
      if (round === null && wanted.length === 0 && seen.length === 0) this.accounts.delete(key);
    }
  }
}

/** A string that names an account in memory. */
export function keyOf(uid: Bytes): string {
  return Buffer.from(uid.buffer, uid.byteOffset, uid.byteLength).toString('latin1');
}
