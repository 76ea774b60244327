import {
  encodeDecidedItem,
  equal,
  findQuorum,
  toBase64url,
  toHex,
  verifyConfirmation,
  type Bytes,
  type EntryKind,
  type FleetRoster,
  type HistoryItem,
  type HistoryStatement,
  type SignatureVerifier,
} from '@strongroom/protocol';
import { agreedRange, isAgreedAbsent } from './agreed-range.js';
import type { CheckedPage } from './checked-page.js';

/** One decided entry of the account's log. */
export interface HistoryEntry {
  /** Its place in the log, 1 for the first; of an attempt, the number that it was counted under. */
  readonly number: number;
  readonly kind: EntryKind;
  /** The time that its voters agreed on, within two minutes of their clocks. */
  readonly at: Date;
  /** When the nodes stored it by their own clocks: the lower median. Much later than `at` where they learned of it later. */
  readonly seenAt: Date;
  /** Of an attempt: whether the right code was used, by a signature that only its holder can make. Null for other kinds. */
  readonly confirmed: boolean | null;
  /** The binding key that asked for it, base64url; a node's identity key for a `reshare`. */
  readonly device: string;
  readonly byThisDevice: boolean;
  /** Whether the owner key of the record signed it as well. */
  readonly byOwner: boolean;
  readonly version: number;
  /** The nodes whose signed answer shows exactly this. */
  readonly shownBy: readonly number[];
  /** Whether q of them do. What fewer show is one node's word, or too new for the others. */
  readonly agreed: boolean;
}

export interface VaultHistory {
  readonly fleetId: string;
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Highest number that q nodes hold decided. */
  readonly newest: number;
  /** Lowest number that q nodes still tell of: what is older than 90 days, or behind the newest 512, is kept no longer. */
  readonly oldest: number;
  /** Whether q nodes agree about every number that any of them speaks of: that they show the same entry, or that they hold none. */
  readonly complete: boolean;
  /** Numbers that q nodes do not agree about. */
  readonly missing: readonly number[];
  /** Whether a node holds a value for the next number that is not decided as far as it knows: an attempt may be under way. */
  readonly underWay: boolean;
  /** Nodes whose signed answer was checked. */
  readonly answeredBy: readonly number[];
}

export interface HistoryReader {
  readonly roster: FleetRoster;
  readonly uid: Bytes;
  /** This device's binding key. */
  readonly bindingKey: Bytes;
  readonly verifier: SignatureVerifier;
}

interface Shown {
  readonly head: HistoryStatement;
  readonly item: HistoryItem;
}

/** What the nodes' signed pages say together. @param newest pages of the first question @param all pages of all questions */
export function historyOf(reader: HistoryReader, newest: readonly CheckedPage[], all: readonly CheckedPage[]): VaultHistory | undefined {
  const range = agreedRange(newest, reader.roster.q);
  if (range === undefined) return undefined;
  const entries = [...byNumber(all)].sort(([a], [b]) => b - a).flatMap(([number, shown]) => entriesAt(reader, number, shown));
  const agreed = new Set(entries.filter((entry) => entry.agreed).map(({ number }) => number));
  const missing = spokenOf(range, newest, entries).filter(
    (number) => !agreed.has(number) && !isAgreedAbsent(number, newest, reader.roster.q),
  );
  return {
    fleetId: reader.roster.fleetId,
    entries,
    ...range,
    complete: missing.length === 0,
    missing,
    underWay: newest.some(({ head }) => head.index >= range.newest && head.open),
    answeredBy: newest.map(({ head }) => head.node).sort((a, b) => a - b),
  };
}

/** Every number of the agreed range, every one that a node shows, and the next ones where a node says that it holds more. */
function spokenOf(
  { oldest, newest }: { readonly oldest: number; readonly newest: number },
  pages: readonly CheckedPage[],
  entries: readonly HistoryEntry[],
): readonly number[] {
  const within = Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, i) => oldest + i);
  const above = pages.some(({ head }) => head.index > newest) ? [newest + 1] : [];
  const below = pages.some(({ head }) => head.from < oldest) ? [oldest - 1] : [];
  const spoken = new Set([...within, ...above, ...below, ...entries.map(({ number }) => number)]);
  return [...spoken].sort((a, b) => a - b);
}

function byNumber(pages: readonly CheckedPage[]): ReadonlyMap<number, readonly Shown[]> {
  const shown = new Map<number, readonly Shown[]>();
  for (const { head, items } of pages) {
    for (const [number, item] of items) {
      const others = shown.get(number) ?? [];
      if (others.every((other) => other.head.node !== head.node)) shown.set(number, [...others, { head, item }]);
    }
  }
  return shown;
}

/** What nodes say of one number: one entry where they agree, one for each version of the story where they do not. */
function entriesAt(reader: HistoryReader, number: number, shown: readonly Shown[]): readonly HistoryEntry[] {
  const stories = new Map<string, readonly Shown[]>();
  for (const one of shown) {
    const story = toHex(encodeDecidedItem(one.item));
    stories.set(story, [...(stories.get(story) ?? []), one]);
  }
  const entries = [...stories.values()].flatMap((group) => entryOf(reader, number, group) ?? []);
  return entries.sort((a, b) => b.shownBy.length - a.shownBy.length);
}

function entryOf(reader: HistoryReader, number: number, group: readonly Shown[]): HistoryEntry | undefined {
  const first = group[0]?.item;
  if (first === undefined) return undefined;
  const { kind, bindingKey, byOwner, stampMs, ver } = first;
  const seen = group.map(({ item }) => item.seenAtMs).sort((a, b) => a - b);
  return {
    number,
    kind,
    at: new Date(stampMs),
    seenAt: new Date(seen[Math.floor((seen.length - 1) / 2)] ?? stampMs),
    confirmed: kind === 'attempt' ? group.some(({ item }) => isConfirmed(reader, number, item)) : null,
    device: toBase64url(bindingKey),
    byThisDevice: equal(bindingKey, reader.bindingKey),
    byOwner,
    version: ver,
    shownBy: group.map(({ head }) => head.node).sort((a, b) => a - b),
    agreed: findQuorum(group, reader.roster.q) !== null,
  };
}

/** No node can make this up, so one that shows it is enough; one that shows a signature that does not hold shows nothing (PROTOCOL 6.5). */
function isConfirmed({ roster, uid, verifier }: HistoryReader, index: number, { ver, id, confirmKey, confirmation }: HistoryItem): boolean {
  if (confirmKey === null || confirmation === null) return false;
  return verifyConfirmation(verifier, confirmKey, { fleetId: roster.fleetId, uid, ver, index, attemptId: id }, confirmation);
}
