import type { Bytes } from '../encoding/bytes.js';
import { equal, utf8 } from '../encoding/bytes.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { randomizedPassword, recoverEnvelope, type EnvelopeIdentities } from '../envelope/envelope.js';
import { VaultError, invalid } from '../errors/protocol-error.js';
import { confirmSeed } from '../keys/key-schedule.js';
import { nobleSigner } from '../keys/noble-signature.js';
import type { Signer } from '../keys/signature.js';
import type { KeyStretcher } from '../stretching/key-stretcher.js';
import type { VaultRecord } from './record.js';

/** What the right code gives before the fleet has confirmed it. */
export interface OpenedRecord {
  /** 64 bytes, secret: wipe it once the backup key is unwrapped. */
  readonly exportKey: Bytes;
  /** Signs confirmations of attempts on this record. */
  readonly confirmSigner: Signer;
}

/**
 * First step of a recovery: opens the envelope with y (64 bytes, wiped here). The record must be the one whose hash is in
 * q votes (PROTOCOL 6); the second step is `unwrapBackupKey`.
 * @throws CODE_WRONG when the envelope does not open; the client adds the attempts left
 * @throws REQUEST_INVALID naming `confirmPk` when the record names a confirm key that its own code does not give
 */
export async function openRecord(record: VaultRecord, oprfOutput: Bytes, stretcher: KeyStretcher): Promise<OpenedRecord> {
  const randomized = await randomizedPassword(oprfOutput, stretcher);
  const exportKey = recoverEnvelope(randomized, envelopeIdentities(record), record.envelope);
  for (const bytes of [randomized, oprfOutput]) bytes.fill(0);
  if (exportKey === undefined) throw new VaultError('CODE_WRONG', 'the recovery code does not open the record');
  const confirmSigner = confirmSignerOf(exportKey);
  if (!equal(confirmSigner.publicKey, record.confirmPk)) throw invalid('confirmPk', 'does not belong to the envelope');
  return { exportKey, confirmSigner };
}

/** server_public_key = C_0, server_identity = lv(fleetId), client_identity = uid (PROTOCOL 5). @throws REQUEST_INVALID */
export function envelopeIdentities(record: Pick<VaultRecord, 'uid' | 'fleetId' | 'commitments'>): EnvelopeIdentities {
  const [serverPublicKey] = record.commitments;
  if (serverPublicKey === undefined) throw invalid('commitments', 'are missing');
  return { serverPublicKey, serverIdentity: new ByteWriter().lv(utf8(record.fleetId)).bytes(), clientIdentity: record.uid };
}

/** The confirm key of an export key. Wipes its copy of the seed; the signer keeps one. */
export function confirmSignerOf(exportKey: Bytes): Signer {
  const seed = confirmSeed(exportKey);
  const signer = nobleSigner(seed);
  seed.fill(0);
  return signer;
}
