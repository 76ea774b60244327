import { checkShare, isScalar, SEALED_SHARE_LENGTH, sealedShareInfo, VaultError, type Bytes, type VaultRecord } from '@strongroom/protocol';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import type { Keystore } from '../keystore/keystore.js';
import type { Roster } from '../roster/roster.js';
import { complaint, type ShareFault } from './complaint.js';

/** A share that was sealed in an earlier epoch is opened as long; one that is older is rebuilt (PROTOCOL 7.7). */
const SEALED_EPOCHS = 4;

/** A record whose hash is known to be `recordHash`. */
export interface HashedRecord {
  readonly record: VaultRecord;
  /** 32 bytes. */
  readonly recordHash: Bytes;
}

/** What is dealt to this node: opened in the keystore and held against the record before anything is kept (PROTOCOL 5). */
export class DealtShares {
  constructor(
    private readonly keystore: Keystore,
    private readonly group: SodiumGroup,
  ) {}

  /**
   * k_i || s_i, 64 bytes, the caller's to wipe.
   * @throws REQUEST_INVALID with a signed complaint when it does not open or contradicts the record
   */
  async open(roster: Roster, { record, recordHash }: HashedRecord, sealed: Bytes): Promise<Bytes> {
    const plaintext = await this.unseal(roster, recordHash, sealed);
    const fault = this.faultOf(roster, record, plaintext);
    if (fault === null) return plaintext;
    plaintext.fill(0);
    throw complaint(this.keystore, roster, recordHash, fault);
  }

  private async unseal(roster: Roster, recordHash: Bytes, sealed: Bytes): Promise<Bytes> {
    if (sealed.length !== SEALED_SHARE_LENGTH) throw complaint(this.keystore, roster, recordHash, 'sealed');
    for (let epoch = roster.epoch; epoch > Math.max(0, roster.epoch - SEALED_EPOCHS); epoch--) {
      try {
        return await this.keystore.openSealed(sealed, sealedShareInfo(roster.fleetId, epoch, roster.self), recordHash);
      } catch (error) {
        if (!isInvalid(error)) throw error;
      }
    }
    throw complaint(this.keystore, roster, recordHash, 'sealed');
  }

  private faultOf(roster: Roster, record: VaultRecord, plaintext: Bytes): ShareFault | null {
    const keyShare = plaintext.subarray(0, 32);
    const secretShare = plaintext.subarray(32);
    if (!isScalar(keyShare) || !isScalar(secretShare)) return 'share';
    try {
      checkShare(this.group, record, roster.self, { keyShare, secretShare });
      return null;
    } catch (error) {
      if (!isInvalid(error)) throw error;
      return error.metadata['field'] === 'secretShare' ? 'secretShare' : 'keyShare';
    }
  }
}

function isInvalid(error: unknown): error is VaultError {
  return error instanceof VaultError && error.code === 'REQUEST_INVALID';
}
