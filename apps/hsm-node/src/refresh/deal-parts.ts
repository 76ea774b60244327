import { concat, dealZero, VaultError, verifyDelta, type Bytes, type RandomSource, type ScalarGroup } from '@strongroom/protocol';
import { openNow, sealNow, type HpkeRecipient } from '../keystore/native-hpke.js';
import { wipe } from '../repair/share-scalars.js';
import { resharePartInfo, type ReshareDeal } from './reshare-message.js';

const NOTHING = new Uint8Array(0);

interface Dealing {
  readonly id: Bytes;
  readonly dealer: number;
  readonly before: Bytes;
  readonly threshold: number;
  /** Of node 1 to n. */
  readonly keys: readonly Bytes[];
}

/** A sharing of zero for the key and one for the release secret, the pair for each node sealed to its key of the session. */
export function dealParts(
  group: ScalarGroup,
  { id, dealer, before, threshold, keys }: Dealing,
  random: RandomSource,
): Omit<ReshareDeal, 'signature'> {
  const key = dealZero(group, threshold, keys.length, random);
  const secret = dealZero(group, threshold, keys.length, random);
  try {
    const parts = keys.map((recipient, i) => {
      const pair = concat(key.deltas[i] ?? NOTHING, secret.deltas[i] ?? NOTHING);
      try {
        return sealNow(recipient, pair, resharePartInfo(id, dealer, i + 1), before, random);
      } finally {
        pair.fill(0);
      }
    });
    return { dealer, keyCommitments: [...key.commitments], secretCommitments: [...secret.commitments], parts };
  } finally {
    wipe([...key.deltas, ...secret.deltas]);
  }
}

/**
 * What the dealer dealt to node `node`, 64 bytes, the caller's to wipe; null when the part does not open or is not what
 * the dealer's commitments promise. A dealing that would change the secret is among these: its constant shows in no commitment.
 */
export function openPart(
  group: ScalarGroup,
  recipient: HpkeRecipient,
  deal: Pick<ReshareDeal, 'dealer' | 'keyCommitments' | 'secretCommitments' | 'parts'>,
  { id, node, before }: { readonly id: Bytes; readonly node: number; readonly before: Bytes },
): Bytes | null {
  let pair: Bytes | null = null;
  try {
    pair = openNow(recipient, deal.parts[node - 1] ?? NOTHING, resharePartInfo(id, deal.dealer, node), before);
    const holds =
      verifyDelta(group, pair.subarray(0, 32), node, deal.keyCommitments) &&
      verifyDelta(group, pair.subarray(32), node, deal.secretCommitments);
    if (holds) return pair;
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'REQUEST_INVALID') throw error;
  }
  pair?.fill(0);
  return null;
}
