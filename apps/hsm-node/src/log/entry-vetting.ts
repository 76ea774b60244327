import {
  equal,
  parseLogValue,
  VaultError,
  verifyEntrySignature,
  type Bytes,
  type Entry,
  type FleetRoster,
  type LogValue,
  type PointCheck,
  type RegisterCore,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { EntryAuthority } from '../tokens/entry-authority.js';

export interface VettedValue {
  readonly logValue: LogValue;
  readonly tokenExpired: boolean;
}

export interface EntryVettingOptions {
  readonly roster: FleetRoster;
  readonly authority: EntryAuthority;
  readonly verifier: SignatureVerifier;
  readonly isPoint: PointCheck;
  readonly nowMs: () => number;
  /** Fetches record and share of a registration that this node missed; false when no peer could give them. */
  readonly obtainRecord: (core: RegisterCore, from: number) => Promise<boolean>;
}

/** What a peer proposes, or reports that it accepted, is vetted like what the gateway submits (PROTOCOL 4.5, 5). */
export class EntryVetting {
  constructor(private readonly options: EntryVettingOptions) {}

  /** @throws as the entry or its token fails; FLEET_UNAVAILABLE when the record of a registration cannot be had */
  async vet(uid: Bytes, value: Bytes, from: number): Promise<VettedValue> {
    const { authority, roster, isPoint, nowMs, obtainRecord, verifier } = this.options;
    const logValue = parseLogValue(value, isPoint);
    const { entry } = logValue;
    if (!equal(entry.core.uid, uid) || entry.core.fleetId !== roster.fleetId) {
      throw new VaultError('REQUEST_INVALID', 'the entry is of another account or fleet');
    }
    if (entry.core.kind === 'reshare') {
      requireMember(entry, roster, verifier);
      return { logValue, tokenExpired: false };
    }
    const standing = await authority.check(entry, nowMs());
    if (entry.core.kind === 'register' && !(await obtainRecord(entry.core, from))) {
      throw new VaultError('FLEET_UNAVAILABLE', 'the record of the registration is not here yet');
    }
    return { logValue, tokenExpired: standing === 'expired' };
  }
}

/** A new sharing comes from a member, of this epoch or of the one in which it was made. Whether it may be taken, the log judges. */
function requireMember(entry: Entry, roster: FleetRoster, verifier: SignatureVerifier): void {
  const fleets = [roster, ...(roster.earlier ?? [])];
  const known = fleets.some(({ members }) => members.some(({ identityKey }) => equal(identityKey, entry.core.bindingKey)));
  if (!known || !verifyEntrySignature(entry, verifier))
    throw new VaultError('TOKEN_INVALID', 'the new sharing is not signed by a member of the fleet', { check: 'member' });
}
