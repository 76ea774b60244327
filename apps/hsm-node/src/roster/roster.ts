import type { Bytes, FleetMember, FleetRoster } from '@strongroom/protocol';

export interface RosterMember extends FleetMember {
  /** 32 bytes, X25519. */
  readonly hpkeKey: Bytes;
}

/** The fleet as both bundle signatures vouch for it (PROTOCOL 1), seen by one of its members. */
export interface Roster extends FleetRoster {
  /** Index of this node, 1..n. */
  readonly self: number;
  /** A draining fleet recovers and registers nothing new. */
  readonly state: 'active' | 'draining';
  /** `argon2id:<KiB>:<passes>:<lanes>`, or `none` in the bench suite. */
  readonly ksf: string;
  /** In the order of their index, 1..n. */
  readonly members: readonly RosterMember[];
}

/** How the node is addressed: the last token of its subjects. */
export function nodeAddress({ fleetId, self }: Roster): string {
  return `${fleetId}-${self}`;
}
