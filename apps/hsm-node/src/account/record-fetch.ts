import { peerFetchRecord, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import type { Log } from '@strongroom/platform';
import { VaultError, type Bytes } from '@strongroom/protocol';
import type { PeerCalls } from '../peers/peer-calls.js';
import type { ShareIntake } from '../shares/share-intake.js';
import type { ShareVault } from '../shares/share-vault.js';

/** A node that was away gets record and sealed share from its peers (PROTOCOL 5.2). */
export class RecordFetch {
  constructor(
    private readonly vault: ShareVault,
    private readonly intake: ShareIntake,
    private readonly peers: PeerCalls,
    private readonly self: number,
    private readonly log: Log,
  ) {}

  /** @returns whether this node holds its share of the version now; `first` is asked before the others */
  async obtain(uid: Bytes, recordHash: Bytes, first: number | null): Promise<boolean> {
    if (this.vault.holds(uid, recordHash)) return true;
    const order = [...this.peers.others].sort((a, b) => Number(b === first) - Number(a === first));
    for (const node of order) {
      if (await this.obtainFrom(node, uid, recordHash)) return true;
    }
    return false;
  }

  /** Serves `peerFetchRecord`. @throws RECORD_UNKNOWN when this node has nothing for the asker */
  answer({ uid, recordHash, node }: RequestOf<typeof peerFetchRecord>): ResponseOf<typeof peerFetchRecord> {
    const record = this.vault.record(uid, recordHash);
    const sealed = this.vault.sealedFor(uid, recordHash, node);
    if (record === null || sealed === null) throw new VaultError('RECORD_UNKNOWN', 'nothing is kept here for this node');
    return { record, sealed };
  }

  private async obtainFrom(node: number, uid: Bytes, recordHash: Bytes): Promise<boolean> {
    try {
      const { record, sealed } = await this.peers.ask(peerFetchRecord, node, { uid, recordHash, node: this.self });
      await this.intake.take({ uid, recordHash }, record, sealed);
      return true;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.log.debug({ event: 'record.fetch-failed', node, code: error.code });
      return false;
    }
  }
}
