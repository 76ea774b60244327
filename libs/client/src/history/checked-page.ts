import {
  equal,
  historyPageHash,
  historyRange,
  MAX_HISTORY,
  ownIncarnation,
  parseHistoryPage,
  parseHistoryStatement,
  verifySignedStatement,
  VaultError,
  type Bytes,
  type FleetRoster,
  type HistoryItem,
  type HistoryStatement,
  type SignatureVerifier,
  type SignedStatement,
} from '@strongroom/protocol';
import { newestOfEach } from '../votes/newest-of-each.js';

/** A page as the gateway carries it; nothing in it is checked yet. */
export interface CarriedPage {
  readonly statement: SignedStatement;
  readonly page: Bytes;
}

/** A page that one node signed, for this question, whole. */
export interface CheckedPage {
  readonly head: HistoryStatement;
  /** By index, without a gap. */
  readonly items: ReadonlyMap<number, HistoryItem>;
}

export interface HistoryQuestion {
  readonly uid: Bytes;
  readonly nonce: Bytes;
  readonly before: number;
}

/**
 * The pages that really are of these nodes, about this account and for this question, each with every entry that it must
 * have; the others are the gateway's inventions, or an old answer, and are left out. One of each node.
 */
export function checkedPages(
  carried: readonly CarriedPage[],
  asked: HistoryQuestion,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): readonly CheckedPage[] {
  const pages = carried.map((one) => openPage(one, asked, roster, verifier));
  return newestOfEach(pages, ({ head }) => head);
}

function openPage(
  { statement, page }: CarriedPage,
  asked: HistoryQuestion,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): CheckedPage | undefined {
  try {
    verifySignedStatement(statement, roster, verifier);
    const head = parseHistoryStatement(statement.statement);
    const own = head.fleetId === roster.fleetId && head.epoch === roster.epoch && head.node === statement.node;
    const whole = head.incarnations.length === roster.n && ownIncarnation(head) === statement.incarnation;
    const mine = equal(head.uid, asked.uid) && equal(head.nonce, asked.nonce) && head.before === asked.before;
    if (!own || !whole || !mine || !equal(head.pageHash, historyPageHash(page))) return undefined;
    const { first, items } = parseHistoryPage(page);
    const range = historyRange(head, asked.before);
    const possible = head.from >= 1 && head.from <= head.index + 1 && head.index - head.from < MAX_HISTORY;
    // A node that leaves an entry out of what it says it holds is believed in nothing.
    if (!possible || first !== range.first || items.length !== range.count) return undefined;
    return { head, items: new Map(items.map((item, i) => [first + i, item])) };
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}
