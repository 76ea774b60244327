import { bech32 } from '@scure/base';
import { invalid } from '@strongroom/protocol';

export const BACKUP_KEY_BYTES = 32;

/**
 * The 32-byte backup key as an age identity: `AGE-SECRET-KEY-1..`, an X25519 scalar (age-encryption.org/v1). The public
 * `age` tool opens every backup with it. A string cannot be wiped: make it late and let go of it early.
 * @throws REQUEST_INVALID for another length
 */
export function ageIdentity(backupKey: Uint8Array): string {
  if (backupKey.length !== BACKUP_KEY_BYTES) throw invalid('backupKey', 'is not 32 bytes');
  return bech32.encodeFromBytes('age-secret-key-', backupKey).toUpperCase();
}
