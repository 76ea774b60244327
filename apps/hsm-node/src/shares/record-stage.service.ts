import type { Clock } from '@strongroom/platform';
import { equal, invalid, parseEntry, parseRecord, recordHash, VaultError, type Bytes, type RegisterCore } from '@strongroom/protocol';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import type { Roster } from '../roster/roster.js';
import type { RosterSource } from '../roster/roster-source.js';
import type { EntryAuthority } from '../tokens/entry-authority.js';
import type { DealtShares, HashedRecord } from './dealt-share.js';
import type { ShareVault } from './share-vault.js';

export interface StageRequest {
  readonly entry: Bytes;
  readonly record: Bytes;
  /** In the order of the roster. */
  readonly sealed: readonly Bytes[];
}

/** What the account's log says of a version: whether its shares may have been erased here and must not come back. */
export type IsOver = (core: Pick<RegisterCore, 'uid' | 'ver' | 'recordHash'>) => boolean;

const NOTHING = new Uint8Array(0);

/** PROTOCOL 5, the node's side before the vote: everything is checked, then share, record and sealed shares are kept durably. */
export class RecordStageService {
  constructor(
    private readonly rosters: RosterSource,
    private readonly authority: EntryAuthority,
    private readonly dealt: DealtShares,
    private readonly group: SodiumGroup,
    private readonly vault: ShareVault,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves when the version is durable; sent again, it changes nothing.
   * @throws REQUEST_INVALID naming the field, with a signed complaint for `sealed`; TOKEN_INVALID; RATE_LIMITED;
   * CONFLICT for a version that is over; FLEET_UNAVAILABLE before the node knows its fleet
   */
  async stage(request: StageRequest, isOver: IsOver): Promise<void> {
    const roster = this.roster();
    const entry = parseEntry(request.entry, this.group.isPoint);
    const { core } = entry;
    if (core.kind !== 'register') throw invalid('entry', 'is not a registration');
    const hashed = this.record(request.record, core, roster);
    if (request.sealed.length !== roster.n) throw invalid('sealed', `is not one for each of ${roster.n} nodes`);
    if ((await this.authority.check(entry, this.clock.nowMs())) !== 'valid') {
      throw new VaultError('TOKEN_INVALID', 'the token has expired', { check: 'exp' });
    }
    if (this.vault.holds(core.uid, core.recordHash)) return;
    const share = await this.dealt.open(roster, hashed, request.sealed[roster.self - 1] ?? NOTHING);
    try {
      // Asked last, so that no erase comes in between: whoever recorded a registration could undo it by a replay (I6).
      if (isOver(core)) throw new VaultError('CONFLICT', 'the version is over', { ver: core.ver });
      // Not this node's own: what it holds unsealed it must not keep sealed to itself (I6).
      const sealed = request.sealed.map((bytes, i) => (i === roster.self - 1 ? NOTHING : bytes));
      await this.vault.stage({ uid: core.uid, recordHash: core.recordHash, ver: core.ver, record: request.record, sealed, share });
    } finally {
      share.fill(0);
    }
  }

  private roster(): Roster {
    const roster = this.rosters.current();
    if (roster === null) throw new VaultError('FLEET_UNAVAILABLE', 'this node is in no fleet yet');
    if (roster.state !== 'active') throw new VaultError('CONFLICT', 'this fleet takes no new registrations', { state: roster.state });
    return roster;
  }

  private record(encoded: Bytes, core: RegisterCore, roster: Roster): HashedRecord {
    const record = parseRecord(encoded, this.group.isPoint);
    const hash = recordHash(record);
    if (!equal(hash, core.recordHash)) throw invalid('record', 'is not the one that the entry names');
    if (core.fleetId !== roster.fleetId || record.fleetId !== roster.fleetId) throw invalid('fleetId', 'is not this fleet');
    if (!equal(record.uid, core.uid)) throw invalid('uid', 'differs between entry and record');
    if (record.ver !== core.ver) throw invalid('ver', 'differs between entry and record');
    // The log judges confirmations and owners by the entry's keys: they must be those that the client finds in the record.
    if (!equal(record.confirmPk, core.confirmKey)) throw invalid('confirmPk', 'differs between entry and record');
    if (!equal(record.ownerPk, core.ownerKey)) throw invalid('ownerPk', 'differs between entry and record');
    if (record.commitments.length !== roster.t) throw invalid('commitments', `are not ${roster.t}`);
    if (record.notAfterMs !== 0 && record.notAfterMs <= this.clock.nowMs()) throw invalid('notAfter', 'is in the past');
    return { record, recordHash: hash };
  }
}
