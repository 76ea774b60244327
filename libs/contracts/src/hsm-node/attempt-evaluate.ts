import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc } from '../define/index.js';
import { decidedSchema } from './signed-statement.js';

/**
 * The node waits until it holds q valid votes for exactly this attempt (or checks the set that the gateway carries),
 * then answers with its evaluation. Nothing leaves it before (PROTOCOL 6.2).
 */
export const attemptEvaluate = defineRpc({
  owner: 'hsm-node',
  capability: 'attempt',
  verb: 'evaluate',
  version: 1,
  addressed: true,
  summary: 'Evaluate a decided attempt: one share of the OPRF output with its proof, and the record.',
  request: z.strictObject({
    uid: bytes(32),
    attemptId: bytes(32),
    /** How long to wait for the votes, at most 2,000 ms. */
    waitMs: z.int().min(0).max(2_000),
    decided: decidedSchema.optional(),
  }),
  response: z.strictObject({
    node: z.int().min(1).max(32),
    decided: decidedSchema,
    /** Z_i (32 bytes), then the DLEQ proof (64 bytes). */
    evaluation: bytes(96),
    record: bytesUpTo(4096),
    /** The hash of the sharing that the votes were for, when the record was shared anew since (PROTOCOL 7.8). */
    votedSharing: bytes(32).optional(),
    /** Ed25519 by the node's identity key over the evaluation statement (libs/protocol evaluationMessage). */
    signature: bytes(64),
  }),
  timeoutMs: 3_000,
  maxBytes: 32 * 1024,
});
