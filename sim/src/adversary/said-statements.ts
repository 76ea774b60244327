import { signBatch, type Bytes, type FleetRoster, type SignedStatement } from '@strongroom/protocol';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';

const NOTHING: Bytes = new Uint8Array(32);

/** The statements of somebody's batch, each with its path, which follows from the batch; the signature is the sender's own. */
export function saidStatements({ node, incarnation, signed }: BatchMessage, roster: FleetRoster): readonly SignedStatement[] {
  if (signed === null) return [];
  const head = { node, incarnation, sequence: signed.sequence, previous: signed.previous };
  return signBatch(roster, head, signed.statements, { publicKey: NOTHING, sign: () => signed.signature }).statements;
}
