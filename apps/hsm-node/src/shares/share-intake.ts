import { equal, invalid, parseRecord, recordHash, type Bytes } from '@strongroom/protocol';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import type { Roster } from '../roster/roster.js';
import type { DealtShares } from './dealt-share.js';
import type { ShareVault } from './share-vault.js';

/** Takes in what a peer kept for this node while it was away (PROTOCOL 5.2). */
export class ShareIntake {
  constructor(
    private readonly roster: Roster,
    private readonly dealt: DealtShares,
    private readonly group: SodiumGroup,
    private readonly vault: ShareVault,
  ) {}

  /**
   * Durable when it resolves; again with the same record nothing happens.
   * @param wanted what was asked for: anybody on the bus can answer, and nothing else is kept
   * @throws REQUEST_INVALID naming `record`, or `sealed` when the share contradicts its commitments or is not sealed to this node
   */
  async take(wanted: { readonly uid: Bytes; readonly recordHash: Bytes }, encoded: Bytes, ownSealed: Bytes): Promise<void> {
    const record = parseRecord(encoded, this.group.isPoint);
    const hash = recordHash(record);
    if (!equal(hash, wanted.recordHash) || !equal(record.uid, wanted.uid)) throw invalid('record', 'is not the one that was asked for');
    const share = await this.dealt.open(this.roster, { record, recordHash: hash }, ownSealed);
    try {
      await this.vault.stage({ uid: record.uid, recordHash: hash, ver: record.ver, record: encoded, sealed: [], share });
    } finally {
      share.fill(0);
    }
  }
}
