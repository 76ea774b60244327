import {
  encodeHistoryPage,
  encodeHistoryStatement,
  entryId,
  historyPageHash,
  historyRange,
  logValueHash,
  toBase64url,
  type HistoryItem,
  type HistoryQuery,
  type HistoryStatement,
} from '@strongroom/protocol';
import { toStatementJson } from '../gateway/statement-json.js';
import type { ExampleFleet, ExampleNode } from './example-fleet.js';
import { headOf, type ExampleLog } from './example-log.js';

/** Specs only: what a node may say otherwise than the log. It signs it all the same. */
export interface ToldOtherwise {
  readonly head?: Partial<HistoryStatement>;
  readonly item?: (item: HistoryItem, index: number) => HistoryItem;
  /** Items that it leaves out at the end of its page. */
  readonly leftOut?: number;
}

/** Specs only: a page of the account's history as a node answers it, really signed. */
export function historyPageOf(
  log: ExampleLog,
  fleet: ExampleFleet,
  node: ExampleNode,
  { uid, nonce, before }: Pick<HistoryQuery, 'uid' | 'nonce' | 'before'>,
  { head = {}, item = (same) => same, leftOut = 0 }: ToldOtherwise = {},
): { readonly statement: object; readonly page: string } {
  const held = { index: head.index ?? log.decided.length, from: head.from ?? 1 };
  const { first, count } = historyRange(held, before);
  const items = Array.from({ length: count - leftOut }, (_, i) => item(itemAt(log, first + i), first + i));
  const page = encodeHistoryPage({ first, items });
  const statement = { ...headOf(fleet, node), uid, before, open: false, nonce, pageHash: historyPageHash(page), ...held, ...head };
  return { statement: toStatementJson(log.sign(fleet, node, encodeHistoryStatement(statement))), page: toBase64url(page) };
}

function itemAt(log: ExampleLog, index: number): HistoryItem {
  // A node that says it holds more than there is repeats what it has.
  const decided = log.decided[index - 1] ?? log.decided.at(-1);
  if (decided === undefined) throw new Error('nothing was decided');
  const { entry, stampMs } = decided.value;
  const { kind, ver, bindingKey } = entry.core;
  const confirmKey = log.state.marks.find((mark) => mark.index === index)?.confirmKey ?? null;
  return {
    kind,
    id: entryId(entry.core),
    ver,
    bindingKey,
    byOwner: entry.ownerSignature !== null,
    stampMs,
    valueHash: logValueHash(decided.encoded),
    confirmKey,
    seenAtMs: stampMs + 20,
    confirmation: log.confirmations.get(index) ?? null,
  };
}
