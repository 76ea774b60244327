import {
  coreHpke,
  evaluationMessage,
  nobleGroup,
  openSealedShare,
  proveDleq,
  publicShare,
  sealSecret,
  sealedShareInfo,
  concat,
  type AttemptCore,
  type Bytes,
  type EvaluationContext,
  type NodeShare,
  type VaultRecord,
} from '@strongroom/protocol';
import { systemRandom } from '../platform/system-random.js';
import type { ExampleFleet, ExampleNode } from './example-fleet.js';

export interface StoredRecord {
  /** In which it was registered. */
  readonly epoch: number;
  readonly record: VaultRecord;
  readonly encoded: string;
  readonly hash: Bytes;
  readonly sealed: readonly Bytes[];
}

export function openShare({ roster }: ExampleFleet, node: ExampleNode, stored: StoredRecord): Promise<NodeShare> {
  const info = sealedShareInfo(roster.fleetId, stored.epoch, node.index);
  return openSealedShare(coreHpke, node.hpke, stored.sealed[node.index - 1] ?? new Uint8Array(0), info, stored.hash);
}

/** Z_i with proof and the node's signature; a lying node uses another scalar and proves that one. */
export async function evaluateAs(
  fleet: ExampleFleet,
  node: ExampleNode,
  stored: StoredRecord,
  attempt: AttemptCore,
  context: EvaluationContext,
  lies: boolean,
): Promise<{ readonly evaluation: Bytes; readonly signature: Bytes }> {
  const { keyShare } = await openShare(fleet, node, stored);
  const share = lies ? nobleGroup.multiplyAdd(keyShare, keyShare, keyShare) : keyShare;
  const evaluated = nobleGroup.multiply(attempt.blinded, share);
  const statement = {
    publicShare: publicShare(stored.record.commitments, node.index),
    blinded: attempt.blinded,
    evaluated,
    context,
    share,
  };
  const evaluation = concat(evaluated, proveDleq(nobleGroup, statement, systemRandom));
  return { evaluation, signature: node.identity.sign(evaluationMessage(context, stored.hash, evaluation)) };
}

export async function releaseAs(
  fleet: ExampleFleet,
  node: ExampleNode,
  stored: StoredRecord,
  attempt: AttemptCore,
  context: EvaluationContext,
  lies: boolean,
): Promise<Bytes> {
  const { keyShare, secretShare } = await openShare(fleet, node, stored);
  return sealSecret(coreHpke, attempt.ephemeralKey, lies ? keyShare : secretShare, context, systemRandom);
}
