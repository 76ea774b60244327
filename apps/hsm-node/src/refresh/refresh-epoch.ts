import type { FleetRoster } from '@strongroom/protocol';

/**
 * The newest epoch that kept every machine: that is what a refresh looks like in a bundle (PROTOCOL 7.8). Shares of an
 * earlier generation are made anew. 0 when the fleet was never refreshed.
 */
export function refreshEpoch(roster: FleetRoster): number {
  const epochs = [roster, ...(roster.earlier ?? [])];
  const refreshed = epochs.find((now) => {
    const before = epochs.find(({ epoch }) => epoch === now.epoch - 1);
    return before !== undefined && now.members.every((member, i) => isSame(member.identityKey, before.members[i]?.identityKey));
  });
  return refreshed?.epoch ?? 0;
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
