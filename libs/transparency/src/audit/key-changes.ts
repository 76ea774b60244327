import type { Bundle, BundleFleet, BundleMember } from '../bundle/bundle.js';
import { toHex } from '../encoding/octets.js';

/** One member's keys that came or went with an epoch. */
export type KeyChange = {
  readonly epoch: number;
  readonly change: 'added' | 'removed';
  readonly fleetId: string;
  readonly index: number;
  /** Lower-case hexadecimal. */
  readonly identityKey: string;
  readonly hpkeKey: string;
};

/** Whose keys are in `after` and were not in `before`, and the other way round. A revoked fleet's keys count for nothing more. */
export function keyChanges(before: Bundle | undefined, after: Bundle): readonly KeyChange[] {
  const [old, now] = [keysOf(before), keysOf(after)];
  const change = (kind: KeyChange['change'], { fleetId, member }: Held): KeyChange => ({
    epoch: after.epoch,
    change: kind,
    fleetId,
    index: member.index,
    identityKey: toHex(member.identityKey),
    hpkeKey: toHex(member.hpkeKey),
  });
  const removed = [...old].filter(([key]) => !now.has(key)).map(([, held]) => change('removed', held));
  const added = [...now].filter(([key]) => !old.has(key)).map(([, held]) => change('added', held));
  return [...removed, ...added];
}

type Held = { readonly fleetId: string; readonly member: BundleMember };

function keysOf(bundle: Bundle | undefined): ReadonlyMap<string, Held> {
  const trusted = (bundle?.fleets ?? []).filter(({ state }) => state !== 'revoked');
  return new Map(trusted.flatMap((fleet) => fleet.members.map((member) => [nameOf(fleet, member), { fleetId: fleet.fleetId, member }])));
}

function nameOf({ fleetId }: BundleFleet, { index, identityKey, hpkeKey }: BundleMember): string {
  return `${fleetId} ${index} ${toHex(identityKey)} ${toHex(hpkeKey)}`;
}
