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
  /** Whether q nodes show every entry from `oldest` to `newest`. */
  readonly complete: boolean;
  /** Numbers in between that q nodes do not agree about. */
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

/** From which number to which q nodes that count together tell. @param newest pages of the first question */
export function agreedRange(newest: readonly CheckedPage[], q: number): { readonly oldest: number; readonly newest: number } | undefined {
  const agree = (holds: (head: HistoryStatement) => boolean): boolean =>
    findQuorum(
      newest.filter(({ head }) => holds(head)),
      q,
    ) !== null;
  const top = highest(
    newest.map(({ head }) => head.index),
    (at) => agree(({ index }) => index >= at),
  );
  const low = highest(
    newest.map(({ head }) => -head.from),
    (at) => agree(({ from }) => from <= -at),
  );
  return top === undefined || low === undefined ? undefined : { newest: top, oldest: -low };
}

function highest(candidates: readonly number[], holds: (candidate: number) => boolean): number | undefined {
  return [...candidates].sort((a, b) => b - a).find(holds);
}

/** What the nodes' signed pages say together. @param newest pages of the first question @param all pages of all questions */
export function historyOf(reader: HistoryReader, newest: readonly CheckedPage[], all: readonly CheckedPage[]): VaultHistory | undefined {
  const range = agreedRange(newest, reader.roster.q);
  if (range === undefined) return undefined;
  const entries = [...byNumber(all)].sort(([a], [b]) => b - a).flatMap(([number, shown]) => entriesAt(reader, number, shown));
  const agreed = new Set(entries.filter((entry) => entry.agreed).map(({ number }) => number));
  const numbers = Array.from({ length: Math.max(0, range.newest - range.oldest + 1) }, (_, i) => range.oldest + i);
  const missing = numbers.filter((number) => !agreed.has(number));
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
