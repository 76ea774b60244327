import { gcm } from '@noble/ciphers/aes.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { invalid } from '../errors/protocol-error.js';
import { keyEncryptionKey } from '../keys/key-schedule.js';
import { BACKUP_KEY_LENGTH, SUITE, WRAPPED_LENGTH, type VaultRecord } from './record.js';

const NONCE_LENGTH = 12;

type WrapScope = Pick<VaultRecord, 'uid' | 'ver'>;

/** AES-256-GCM(KEK, backup key, aad = suite || uid || ver) with 12 random bytes as nonce: 60 bytes. Wipes the KEK. */
export function wrapBackupKey(backupKey: Bytes, exportKey: Bytes, secret: Bytes, scope: WrapScope, random: RandomSource): Bytes {
  if (backupKey.length !== BACKUP_KEY_LENGTH) throw invalid('backupKey', 'is not 32 bytes');
  const nonce = random.bytes(NONCE_LENGTH);
  const kek = keyEncryptionKey(exportKey, secret);
  const ciphertext = gcm(kek, nonce, additionalData(scope)).encrypt(backupKey);
  kek.fill(0);
  return concat(nonce, ciphertext);
}

/**
 * Last step of a recovery: the backup key, 32 bytes, secret. `secret` is s, combined from shares that match S.
 * Wipes the KEK. @throws REQUEST_INVALID naming `wrapped` when it does not open
 */
export function unwrapBackupKey(record: VaultRecord, exportKey: Bytes, secret: Bytes): Bytes {
  if (record.wrapped.length !== WRAPPED_LENGTH) throw invalid('wrapped', 'is not 60 bytes');
  const kek = keyEncryptionKey(exportKey, secret);
  try {
    return gcm(kek, record.wrapped.subarray(0, NONCE_LENGTH), additionalData(record)).decrypt(record.wrapped.subarray(NONCE_LENGTH));
  } catch {
    // noble reports a wrong tag by throwing; nothing of the plaintext exists then.
    throw invalid('wrapped', 'does not open');
  } finally {
    kek.fill(0);
  }
}

function additionalData({ uid, ver }: WrapScope): Bytes {
  return new ByteWriter().u8(SUITE).raw(uid).u32(ver).bytes();
}
