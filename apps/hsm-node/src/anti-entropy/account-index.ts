import { concat, type AccountLog, type Bytes } from '@strongroom/protocol';
import type { AccountRows } from '../log/account-rows.js';
import type { Pause } from '../roster/pause.js';
import { GROUPS, hashGroup, hashLeaf, hashRange, leafOf, rangeOf, RANGES, RANGES_IN_GROUP, type AccountLeaf } from './account-leaf.js';
import { RangeLeaves } from './range-leaves.js';

/** Rows read, and leaves hashed, before others get their turn: some milliseconds. */
const ROWS_AT_A_TIME = 50;
const LEAVES_AT_A_TIME = 8_192;

/**
 * Digests over ranges of accounts, kept up while accounts change: one pass over the rows at the start, then only what
 * changed is hashed anew. In memory are 64 bytes for each account; the rows stay on the disk.
 */
export class AccountIndex {
  private readonly ranges = Array.from({ length: RANGES }, () => new RangeLeaves());
  /** By range; none where an account changed since. */
  private readonly known: (Bytes | undefined)[] = [];
  private complete = false;
  private hashed = 0;

  constructor(
    private readonly rows: Pick<AccountRows, 'page' | 'load'>,
    private readonly pause: Pause,
  ) {}

  /** Whether all accounts are in it: what a node says before that would name differences that there are none. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Takes in what is on the disk of an account. Accounts without a decided entry are compared by nobody. */
  set(account: AccountLog): void {
    if (account.state.index === 0) return;
    const range = rangeOf(account.uid);
    this.ranges[range]?.set(account.uid, hashLeaf(leafOf(account)));
    this.known[range] = undefined;
  }

  /** Goes once over all rows. Whatever is `set` meanwhile is never older than the row that is read. */
  async build(signal: AbortSignal): Promise<void> {
    for (let after: Bytes | null = null; !signal.aborted;) {
      const page: ReturnType<AccountRows['page']> = this.rows.page(after, ROWS_AT_A_TIME);
      for (const account of page.accounts) this.set(account);
      if (page.next === null) {
        this.complete = true;
        return;
      }
      after = page.next;
      await this.pause(0);
    }
  }

  /** 64 digests of 32 bytes: of the groups, or of the ranges of one group. */
  async digests(group: number | null): Promise<Bytes> {
    if (group !== null) return this.ofGroup(group);
    const digests: Bytes[] = [];
    for (let one = 0; one < GROUPS; one++) digests.push(hashGroup(one, await this.ofGroup(one)));
    return concat(...digests);
  }

  /** What is on the disk of the accounts of a range behind `after`, in the order of their ids. */
  leaves(range: number, after: Bytes | null, limit: number): readonly AccountLeaf[] {
    return (this.ranges[range]?.behind(after, limit) ?? []).map((uid) => leafOf(this.rows.load(uid)));
  }

  private async ofGroup(group: number): Promise<Bytes> {
    const first = group * RANGES_IN_GROUP;
    const digests: Bytes[] = [];
    for (let range = first; range < first + RANGES_IN_GROUP; range++) digests.push(await this.ofRange(range));
    return concat(...digests);
  }

  private async ofRange(range: number): Promise<Bytes> {
    const known = this.known[range];
    if (known !== undefined) return known;
    const leaves = this.ranges[range]?.leaves() ?? [];
    const digest = hashRange(range, leaves);
    this.known[range] = digest;
    this.hashed += leaves.length;
    if (this.hashed >= LEAVES_AT_A_TIME) {
      this.hashed = 0;
      await this.pause(0);
    }
    return digest;
  }
}
