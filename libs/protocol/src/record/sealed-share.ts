import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { invalid } from '../errors/protocol-error.js';
import { nobleGroup } from '../group/noble-group.js';
import type { ScalarGroup } from '../group/scalar-group.js';
import { isScalar, parseScalar } from '../group/scalar.js';
import { SEAL_OVERHEAD, type Hpke, type HpkeKeyPair } from '../hpke/hpke.js';
import { verifyShare } from '../sharing/verify-share.js';
import type { VaultRecord } from './record.js';

export const SEALED_SHARE_LENGTH = 64 + SEAL_OVERHEAD;

/** What one node holds of one version; both 32-byte scalars are secret and wiped by their holder. */
export interface NodeShare {
  /** k_i = f(i). */
  readonly keyShare: Bytes;
  /** s_i. */
  readonly secretShare: Bytes;
}

/** HPKE info of sealed_i: label "share", lv(fleetId), u32 epoch, u8 i (PROTOCOL 5). */
export function sealedShareInfo(fleetId: string, epoch: number, index: number): Bytes {
  return ByteWriter.labelled('share').text(fleetId).u32(epoch).u8(index).bytes();
}

/** sealed_i: HPKE to node i of k_i || s_i, aad = H(record); 112 bytes. Wipes its copy of the plaintext. */
export async function sealShare(
  hpke: Hpke,
  nodeKey: Bytes,
  share: NodeShare,
  info: Bytes,
  hash: Bytes,
  random: RandomSource,
): Promise<Bytes> {
  const plaintext = concat(share.keyShare, share.secretShare);
  const sealed = await hpke.seal(nodeKey, plaintext, info, hash, random);
  plaintext.fill(0);
  return sealed;
}

/**
 * Node side of `sealShare`. @throws REQUEST_INVALID naming `sealed`, or `share` when a scalar is zero or unreduced
 */
export async function openSealedShare(hpke: Hpke, node: HpkeKeyPair, sealed: Bytes, info: Bytes, hash: Bytes): Promise<NodeShare> {
  if (sealed.length !== SEALED_SHARE_LENGTH) throw invalid('sealed', 'is not 112 bytes');
  const plaintext = await hpke.open(node, sealed, info, hash);
  const reader = new ByteReader(plaintext);
  const keyShare = parseScalar(reader.raw('share', 32), 'share');
  const secretShare = parseScalar(reader.raw('share', 32), 'share');
  reader.end('share');
  plaintext.fill(0);
  return { keyShare, secretShare };
}

/**
 * k_i G == sum i^j C_j and s_i G == sum i^j D_j (PROTOCOL 5). The field of the error is the reason a node signs in its complaint.
 * @throws REQUEST_INVALID naming `keyShare` or `secretShare`
 */
export function checkShare(group: ScalarGroup, record: VaultRecord, index: number, share: NodeShare): void {
  if (!verifyShare(group, share.keyShare, index, record.commitments)) throw invalid('keyShare', 'contradicts the commitments');
  if (!verifyShare(group, share.secretShare, index, record.secretCommitments)) throw invalid('secretShare', 'contradicts the commitments');
}

/** True when s_i is the one the record names for node `index`: a client asks this before it combines (PROTOCOL 6). BigInts: client side only. */
export function isSecretShare(record: VaultRecord, index: number, secretShare: Bytes): boolean {
  return isScalar(secretShare) && verifyShare(nobleGroup, secretShare, index, record.secretCommitments);
}
