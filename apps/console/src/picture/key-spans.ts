import type { KeyChange } from '@strongroom/transparency';

/** How long one member's keys were announced. */
export type KeySpan = {
  readonly fleetId: string;
  readonly index: number;
  /** Lower-case hexadecimal. */
  readonly identityKey: string;
  readonly from: number;
  /** The first epoch without them; `undefined` while they are announced. */
  readonly until: number | undefined;
};

/** By fleet, member and time: whoever replaced a member stands below it. */
export function keySpans(changes: readonly KeyChange[]): readonly KeySpan[] {
  const spans: KeySpan[] = [];
  for (const { epoch, change, fleetId, index, identityKey } of changes) {
    const open = spans.findIndex((span) => span.until === undefined && span.identityKey === identityKey && span.fleetId === fleetId);
    const found = spans[open];
    if (change === 'added') spans.push({ fleetId, index, identityKey, from: epoch, until: undefined });
    else if (found) spans[open] = { ...found, until: epoch };
  }
  return spans.sort((a, b) => a.fleetId.localeCompare(b.fleetId) || a.index - b.index || a.from - b.from);
}
