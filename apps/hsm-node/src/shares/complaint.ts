import { ByteWriter, toBase64url, VaultError, type Bytes } from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import type { Roster } from '../roster/roster.js';

/** Why a dealt share is refused: it does not open, or it opens and contradicts the record. */
export type ShareFault = 'sealed' | 'share' | 'keyShare' | 'secretShare';

/** Label "complaint", lv(fleetId), u32 epoch, u8 node, H(record) 32, lv(fault). It names the record by its hash, not the account. */
export function complaintStatement({ fleetId, epoch, self }: Roster, recordHash: Bytes, fault: ShareFault): Bytes {
  return ByteWriter.labelled('complaint').text(fleetId).u32(epoch).u8(self).raw(recordHash).text(fault).bytes();
}

/** The signed reason of PROTOCOL 5, as REQUEST_INVALID with `statement` and `signature` in base64url. */
export function complaint(keystore: Keystore, roster: Roster, recordHash: Bytes, fault: ShareFault): VaultError {
  const statement = complaintStatement(roster, recordHash, fault);
  return new VaultError('REQUEST_INVALID', `sealed: the share of node ${roster.self} is refused: ${fault}`, {
    field: 'sealed',
    fault,
    node: roster.self,
    statement: toBase64url(statement),
    signature: toBase64url(keystore.sign(statement)),
  });
}
