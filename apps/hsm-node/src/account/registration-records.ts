import type { RegisterCore } from '@strongroom/protocol';
import type { ShareVault } from '../shares/share-vault.js';
import type { RecordFetch } from './record-fetch.js';
import type { ShareKeeper } from './share-keeper.js';

/** Nobody votes for a registration without its record; who missed it gets it from its peers (PROTOCOL 5.2). */
export class RegistrationRecords {
  constructor(
    private readonly keeper: Pick<ShareKeeper, 'isOver'>,
    private readonly vault: Pick<ShareVault, 'holds'>,
    private readonly fetch: Pick<RecordFetch, 'obtain'>,
  ) {}

  /**
   * Nothing is fetched of a version that has had its time: whoever proposes its registration again, and kept what was
   * sealed to this node, would bring an erased share back (I6).
   * @returns `over` for one that is not here any more: the log refuses it, or knows it
   */
  async obtain(core: RegisterCore, first: number | null): Promise<'here' | 'missing' | 'over'> {
    const { uid, recordHash } = core;
    if (this.vault.holds(uid, recordHash)) return 'here';
    if (this.keeper.isOver(core)) return 'over';
    return (await this.fetch.obtain(uid, recordHash, first)) ? 'here' : 'missing';
  }
}
