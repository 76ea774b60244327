import { parseRecord, recordHash, type Bytes } from '@strongroom/protocol';
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
   * @returns H(record), 32 bytes
   * @throws REQUEST_INVALID naming `sealed` when the share contradicts its commitments or is not sealed to this node
   */
  async take(encoded: Bytes, ownSealed: Bytes): Promise<Bytes> {
    const record = parseRecord(encoded, this.group.isPoint);
    const hash = recordHash(record);
    const share = await this.dealt.open(this.roster, { record, recordHash: hash }, ownSealed);
    try {
      await this.vault.stage({ uid: record.uid, recordHash: hash, ver: record.ver, record: encoded, sealed: [], share });
    } finally {
      share.fill(0);
    }
    return hash;
  }
}
