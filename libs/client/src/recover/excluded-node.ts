import { VaultError, toBase64url, type Bytes } from '@strongroom/protocol';

/**
 * A node whose answer was left out. `evaluation`: the node signed an evaluation whose proof is wrong, and `proof` shows it
 * to anyone. `signature` and `secret`: the answer was wrong, but the gateway may have forged it, so there is no proof.
 */
export interface ExcludedNode {
  readonly node: number;
  readonly reason: 'evaluation' | 'signature' | 'secret';
  /** `<base64url signed message>.<base64url signature>`; null where nobody can be convicted. */
  readonly proof: string | null;
}

export function provenExclusion(node: number, message: Bytes, signature: Bytes): ExcludedNode {
  return { node, reason: 'evaluation', proof: `${toBase64url(message)}.${toBase64url(signature)}` };
}

/** NODE_MISBEHAVED with the proof when a node is convicted by its own signature, else undefined. */
export function misbehaviour(excluded: readonly ExcludedNode[]): VaultError | undefined {
  const convicted = excluded.find(({ proof }) => proof !== null);
  if (!convicted?.proof) return undefined;
  const { node, proof } = convicted;
  return new VaultError('NODE_MISBEHAVED', `node ${node} signed an evaluation that is wrong, and too few others answer`, { node, proof });
}
