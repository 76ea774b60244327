import { sha256 } from '@noble/hashes/sha2.js';
import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import { encodeHistoryItem, readHistoryItem, type HistoryItem } from './history-item.js';

/** How long nodes keep what an owner may see, and how many entries of an account at most (PROTOCOL 4.7). */
export const HISTORY_RETENTION_MS: number = 90 * 24 * 60 * 60_000;
export const MAX_HISTORY = 512;
/** Entries in a page; one page has at most 14 KiB. */
export const HISTORY_PAGE = 64;
export const MAX_HISTORY_PAGE_BYTES: number = 16 * 1024;

/** Entries `first`, `first + 1` and so on without a gap: an index that stands in no item cannot be left out. */
export interface HistoryPage {
  readonly first: number;
  readonly items: readonly HistoryItem[];
}

/** u32 first || u8 count || count times item. */
export function encodeHistoryPage({ first, items }: HistoryPage): Bytes {
  const writer = new ByteWriter().u32(first).u8(items.length);
  for (const item of items) writer.raw(encodeHistoryItem(item));
  return writer.bytes();
}

/** Strict inverse of `encodeHistoryPage`. @throws REQUEST_INVALID naming the field */
export function parseHistoryPage(bytes: Bytes): HistoryPage {
  const reader = new ByteReader(bytes);
  const first = reader.u32('first');
  const count = reader.u8('count');
  if (count > HISTORY_PAGE) throw invalid('count', `is above ${HISTORY_PAGE}`);
  const items = Array.from({ length: count }, () => readHistoryItem(reader));
  reader.end('history page');
  return { first, items };
}

/** SHA-256(label "history-page" || page), 32 bytes: what a history statement signs. */
export function historyPageHash(page: Bytes): Bytes {
  return sha256(ByteWriter.labelled('history-page').raw(page).bytes());
}

/**
 * The indices that belong into the page before `before` (0: the newest one) of a node that holds `from` to `index`.
 * A node that answers and a client that checks it use the same rule, so neither can leave an entry out.
 */
export function historyRange(
  { index, from }: { readonly index: number; readonly from: number },
  before: number,
): { readonly first: number; readonly count: number } {
  const last = before === 0 ? index : Math.min(index, before - 1);
  const first = Math.max(from, last - HISTORY_PAGE + 1);
  return first > last ? { first: last + 1, count: 0 } : { first, count: last - first + 1 };
}
