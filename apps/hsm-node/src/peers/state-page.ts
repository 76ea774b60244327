import { encodeMessage } from '@strongroom/platform';
import type { AccountLog, Bytes } from '@strongroom/protocol';
import { summaryOf } from '../log/account-rows.js';
import { sizeOfAccepted } from '../log/batch-groups.js';

/** Bytes of an encoded page at most. */
export const STATE_PAGE_BYTES: number = 800 * 1024;
export const PAGE_ACCOUNTS = 64;
/** Well below the page: the estimate may be off by a quarter. One account alone stays far below it. */
const MAX_SUMMARIES_BYTES = 640 * 1024;
const SUMMARY_BYTES = 1_024;

/**
 * A page of a node's state for a peer: as many of the accounts as fit, one at least, since an account may hold a value
 * with all the promises behind it.
 * @param next where to go on behind the last of `accounts`; null when there is nothing more
 */
export function encodeStatePage(accounts: readonly AccountLog[], next: Bytes | null): Bytes {
  const fitting = firstThatFit(accounts);
  const goOn = fitting.length < accounts.length ? (fitting.at(-1)?.uid ?? null) : next;
  return encodeMessage({ accounts: fitting.map(summaryOf), next: goOn }, STATE_PAGE_BYTES);
}

function firstThatFit(accounts: readonly AccountLog[]): readonly AccountLog[] {
  let left = MAX_SUMMARIES_BYTES;
  const fitting: AccountLog[] = [];
  for (const account of accounts) {
    left -= SUMMARY_BYTES + (account.accepted === null ? 0 : sizeOfAccepted(account.accepted));
    if (left < 0 && fitting.length > 0) break;
    fitting.push(account);
  }
  return fitting;
}
