import type { Bytes } from '../encoding/bytes.js';
import { refreshedCommitments } from '../sharing/reshare.js';
import type { VaultRecord } from './record.js';

/** What one dealer commits to in a refresh: a sharing of zero for the key and one for the release secret. */
export interface PublicDealing {
  /** E_1 to E_(t-1), 32 bytes each. */
  readonly keyCommitments: readonly Bytes[];
  /** F_1 to F_(t-1), 32 bytes each. */
  readonly secretCommitments: readonly Bytes[];
}

/**
 * The same record under a new sharing (PROTOCOL 7.8): C_0, D_0 and all that hangs on them are untouched, so the OPRF key,
 * the envelope and the wrapped key stay. @throws REQUEST_INVALID when a dealing does not fit
 */
export function refreshRecord(record: VaultRecord, dealings: readonly PublicDealing[]): VaultRecord {
  const keys = dealings.map(({ keyCommitments }) => keyCommitments);
  const secrets = dealings.map(({ secretCommitments }) => secretCommitments);
  return {
    ...record,
    commitments: refreshedCommitments(record.commitments, keys),
    secretCommitments: refreshedCommitments(record.secretCommitments, secrets),
  };
}
