import type { Bytes } from '@strongroom/protocol';

export interface RosterMember {
  /** 1..n: the node's number and the x coordinate of its shares. */
  readonly index: number;
  /** 32 bytes, Ed25519. */
  readonly identityKey: Bytes;
  /** 32 bytes, X25519. */
  readonly hpkeKey: Bytes;
}

/** The fleet as both bundle signatures vouch for it (PROTOCOL 1), seen by one of its members. */
export interface Roster {
  readonly fleetId: string;
  readonly epoch: number;
  /** Index of this node, 1..n. */
  readonly self: number;
  readonly state: 'active' | 'draining';
  readonly n: number;
  readonly t: number;
  readonly q: number;
  readonly attempts: number;
  /** `argon2id:<KiB>:<passes>:<lanes>`, or `none` in the bench suite. */
  readonly ksf: string;
  /** In the order of their index, 1..n. */
  readonly members: readonly RosterMember[];
}
