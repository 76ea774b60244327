import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import type { Signer, SignatureVerifier } from '../keys/signature.js';

/** The decided attempt that opened the envelope (PROTOCOL 6). Not bound to an epoch: it stays true after a handover. */
export interface ConfirmedAttempt {
  readonly fleetId: string;
  /** 32 bytes. */
  readonly uid: Bytes;
  /** u32. */
  readonly ver: number;
  /** c, the index in the account's log, u64. */
  readonly index: number;
  /** 32 bytes. */
  readonly attemptId: Bytes;
}

/** lv(label "confirmation") || lv(fleetId) || uid 32 || u32 ver || u64 c || attemptId 32. */
export function confirmationMessage(attempt: ConfirmedAttempt): Bytes {
  const head = ByteWriter.labelled('confirmation').text(attempt.fleetId).raw(attempt.uid).u32(attempt.ver);
  return head.u64(attempt.index).raw(attempt.attemptId).bytes();
}

/** Only a holder of the right code has this signer (PROTOCOL 6.5). 64 bytes. */
export function signConfirmation(confirmSigner: Signer, attempt: ConfirmedAttempt): Bytes {
  return confirmSigner.sign(confirmationMessage(attempt));
}

/** True when the holder of `confirmPk` confirmed exactly this attempt. */
export function verifyConfirmation(verifier: SignatureVerifier, confirmPk: Bytes, attempt: ConfirmedAttempt, signature: Bytes): boolean {
  return verifier.verify(confirmPk, confirmationMessage(attempt), signature);
}
