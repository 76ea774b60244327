import type { RequestOf, ResponseOf, entrySubmit } from '@strongroom/contracts';
import { entryId, parseEntry, VaultError, type FleetRoster, type PointCheck } from '@strongroom/protocol';
import type { RegistrationRecords } from '../account/registration-records.js';
import type { DecidedSets } from '../log/decided-sets.js';
import type { LogEngine } from '../log/log-engine.js';
import { travellingSet } from '../peers/catch-up.js';
import type { Liveness } from '../peers/liveness.js';
import type { EntryAuthority } from '../tokens/entry-authority.js';
import type { EntryHold } from './entry-hold.js';

/** Longer than a takeover with one resend, shorter than the caller's patience. */
const DECIDE_WITHIN_MS = 2_500;

/** Proposes what the gateway hands over: token and signatures are checked here, not on the gateway's word (PROTOCOL 4.5). */
export class EntryService {
  constructor(
    private readonly engine: LogEngine,
    private readonly sets: DecidedSets,
    private readonly authority: EntryAuthority,
    private readonly records: Pick<RegistrationRecords, 'obtain'>,
    private readonly hold: Pick<EntryHold, 'wait'>,
    private readonly liveness: Liveness,
    private readonly roster: FleetRoster,
    private readonly isPoint: PointCheck,
    private readonly nowMs: () => number,
  ) {}

  /** @throws as PROTOCOL 9; FLEET_UNAVAILABLE at once without q live nodes (PROTOCOL 7.6) */
  async submit(request: RequestOf<typeof entrySubmit>): Promise<ResponseOf<typeof entrySubmit>> {
    const entry = parseEntry(request.entry, this.isPoint);
    const { core } = entry;
    if (core.kind === 'reshare') throw new VaultError('REQUEST_INVALID', 'only nodes propose a new sharing', { field: 'kind' });
    if (core.fleetId !== this.roster.fleetId)
      throw new VaultError('REQUEST_INVALID', 'the entry is for another fleet', { field: 'fleetId' });
    const tokenExpired = (await this.authority.check(entry, this.nowMs())) === 'expired';
    if (!this.liveness.hasQuorum) throw new VaultError('FLEET_UNAVAILABLE', 'too few nodes are up to decide anything');
    if (core.kind === 'register' && (await this.records.obtain(core, null)) === 'missing') {
      throw new VaultError('REQUEST_INVALID', 'the record was not staged at this fleet', { field: 'record' });
    }
    await this.hold.wait(core.uid);
    const id = entryId(core);
    const decided = this.sets.wait(core.uid, id, DECIDE_WITHIN_MS);
    this.engine.feed(core.uid, { kind: 'submit', id, entry, tokenExpired });
    return travellingSet(await decided);
  }
}
