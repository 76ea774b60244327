import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';

/** The one decided attempt for which a node answers. Binds proofs and sealed secrets to it, so that neither serves twice. */
export interface EvaluationContext {
  readonly fleetId: string;
  /** u32. */
  readonly epoch: number;
  /** i, 1 to n. */
  readonly node: number;
  /** 32 bytes. */
  readonly uid: Bytes;
  /** u32. */
  readonly ver: number;
  /** c, the index in the account's log, u64. */
  readonly index: number;
  /** 32 bytes. */
  readonly attemptId: Bytes;
}

/** lv(label) || lv(fleetId) || u32 epoch || u8 i || uid 32 || u32 ver || u64 c || attemptId 32. */
export function evaluationStatement(use: 'dleq' | 'secret' | 'evaluation', context: EvaluationContext): ByteWriter {
  const writer = ByteWriter.labelled(use).text(context.fleetId).u32(context.epoch).u8(context.node);
  return writer.raw(context.uid).u32(context.ver).u64(context.index).raw(context.attemptId);
}
