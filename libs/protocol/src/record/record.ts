import type { Bytes } from '../encoding/bytes.js';

/** The one suite of version 1: ristretto255-SHA512, HKDF-SHA-512, X25519 HPKE, AES-256-GCM. The key stretching is the fleet's parameter. */
export const SUITE = 1;
export const ENVELOPE_LENGTH = 96;
export const BACKUP_KEY_LENGTH = 32;
/** AES-GCM nonce 12, backup key 32, tag 16. */
export const WRAPPED_LENGTH = 12 + BACKUP_KEY_LENGTH + 16;

/**
 * The public half of a registration (PROTOCOL 5): every node stores it, the client gets it back on recovery. A refresh
 * changes its sharing, which is C_1.. and D_1.., and nothing else (PROTOCOL 7.8).
 */
export interface VaultRecord {
  /** Account id, 32 bytes. */
  readonly uid: Bytes;
  /** u32 from 1. */
  readonly ver: number;
  readonly fleetId: string;
  /** C_0 to C_(t-1), 32 bytes each; C_0 = kG. */
  readonly commitments: readonly Bytes[];
  /** D_0 to D_(t-1) of the release secret, as many as `commitments`, 32 bytes each; D_0 = sG. */
  readonly secretCommitments: readonly Bytes[];
  /** RFC 9807 envelope: nonce 32, auth tag 64. */
  readonly envelope: Bytes;
  /** Ed25519 key that only a holder of the right code can sign with, 32 bytes. */
  readonly confirmPk: Bytes;
  /** Ed25519 key of the device's keystore, 32 bytes (PROTOCOL 5.3). */
  readonly ownerPk: Bytes;
  /** nonce 12 || AES-256-GCM of the backup key, 60 bytes. */
  readonly wrapped: Bytes;
  /** Milliseconds since 1970; 0 = never expires. */
  readonly notAfterMs: number;
}
