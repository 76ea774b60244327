import {
  coreHpke,
  dealZero,
  encodeRecord,
  nobleGroup,
  recordHash,
  refreshRecord,
  sealedShareInfo,
  sealShare,
  sharingHash,
  sumScalars,
  toBase64url,
  type Bytes,
} from '@strongroom/protocol';
import { systemRandom } from '../platform/system-random.js';
import { openShare, type StoredRecord } from './example-evaluation.js';
import type { ExampleFleet } from './example-fleet.js';

/** Specs only: a record whose shares were made anew since its votes. */
export interface RefreshedRecord extends StoredRecord {
  /** Of the sharing that the votes name. */
  readonly voted: Bytes;
}

export async function refreshedRecord(fleet: ExampleFleet, stored: StoredRecord | RefreshedRecord): Promise<RefreshedRecord> {
  const { n, t, fleetId } = fleet.roster;
  const [key, secret] = [dealZero(nobleGroup, t, n, systemRandom), dealZero(nobleGroup, t, n, systemRandom)];
  const record = refreshRecord(stored.record, [{ keyCommitments: key.commitments, secretCommitments: secret.commitments }]);
  const hash = recordHash(record);
  const sealed = await Promise.all(
    fleet.nodes.map(async (node, i) => {
      const { keyShare, secretShare } = await openShare(fleet, node, stored);
      const add = (share: Bytes, deltas: readonly Bytes[]): Bytes => sumScalars(nobleGroup, [share, deltas[i] ?? share]);
      const fresh = { keyShare: add(keyShare, key.deltas), secretShare: add(secretShare, secret.deltas) };
      const info = sealedShareInfo(fleetId, stored.epoch, node.index);
      return sealShare(coreHpke, node.hpke.publicKey, fresh, info, hash, systemRandom);
    }),
  );
  const voted = 'voted' in stored ? stored.voted : sharingHash(stored.record);
  return { epoch: stored.epoch, record, hash, encoded: toBase64url(encodeRecord(record)), sealed, voted };
}

export function votedSharing(stored: StoredRecord | RefreshedRecord): { readonly votedSharing?: string } {
  return 'voted' in stored ? { votedSharing: toBase64url(stored.voted) } : {};
}
