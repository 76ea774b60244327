import type { Bytes } from '../encoding/bytes.js';
import { VaultError } from '../errors/protocol-error.js';

/** What the votes of a fleet are checked against: its signed parameters and its members' keys (PROTOCOL 1). */
export interface FleetRoster {
  readonly fleetId: string;
  readonly epoch: number;
  /** Number of nodes. */
  readonly n: number;
  /** Shares needed. */
  readonly t: number;
  /** Votes needed. */
  readonly q: number;
  /** N: attempts allowed between two confirmations. */
  readonly attempts: number;
  /** In the order of their indices 1..n; Ed25519 identity keys, 32 bytes. */
  readonly members: readonly FleetMember[];
  /** The same fleet in its earlier epochs: what was decided or accepted then is checked against them (PROTOCOL 7.5). */
  readonly earlier?: readonly FleetRoster[];
}

export interface FleetMember {
  readonly index: number;
  readonly identityKey: Bytes;
}

/** @throws NODE_MISBEHAVED for an index outside the roster */
export function memberKey(roster: FleetRoster, node: number): Bytes {
  const member = roster.members[node - 1];
  if (member === undefined || member.index !== node) {
    throw new VaultError('NODE_MISBEHAVED', `node ${node} is not in the roster`, { node });
  }
  return member.identityKey;
}

/** The fleet as it was in `epoch`. @throws NODE_MISBEHAVED for an epoch to come or one that is not known here */
export function rosterOfEpoch(roster: FleetRoster, epoch: number): FleetRoster {
  const found = [roster, ...(roster.earlier ?? [])].find((one) => one.epoch === epoch);
  if (found === undefined) throw new VaultError('NODE_MISBEHAVED', `epoch ${epoch} of the fleet is not known here`, { epoch });
  return found;
}
