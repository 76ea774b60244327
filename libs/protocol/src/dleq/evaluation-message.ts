import type { Bytes } from '../encoding/bytes.js';
import { evaluationStatement, type EvaluationContext } from './evaluation-context.js';

/** Z_i (32 bytes), then the DLEQ proof (64 bytes). */
export const EVALUATION_LENGTH = 96;

/**
 * What a node signs with its identity key beside an evaluation (PROTOCOL 6): label "evaluation", the decided attempt,
 * H(record) 32, Z_i and proof 96. A bad proof under this signature is evidence against the node, not against its courier.
 */
export function evaluationMessage(context: EvaluationContext, recordHash: Bytes, evaluation: Bytes): Bytes {
  return evaluationStatement('evaluation', context).raw(recordHash).raw(evaluation).bytes();
}
