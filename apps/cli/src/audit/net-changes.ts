import type { KeyChange } from '@strongroom/transparency';

/** What differs between two epochs; keys that came and went between them are left out. */
export function netChanges(all: readonly KeyChange[], from: number, to: number): readonly KeyChange[] {
  const between = all.filter(({ epoch }) => epoch > Math.min(from, to) && epoch <= Math.max(from, to));
  const net = new Map<string, KeyChange>();
  for (const change of between) {
    const name = `${change.fleetId} ${change.index} ${change.identityKey} ${change.hpkeKey}`;
    if (net.has(name)) net.delete(name);
    else net.set(name, change);
  }
  return [...net.values()];
}
