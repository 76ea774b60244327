import { z } from 'zod';
import { bytesUpTo, defineRpc } from '../define/index.js';
import { confirmationSchema, decidedSchema } from './signed-statement.js';

export const attemptConfirm = defineRpc({
  owner: 'hsm-node',
  capability: 'attempt',
  verb: 'confirm',
  version: 1,
  addressed: true,
  summary: 'Accept the confirmation of an attempt, durably, and answer with the share of the release secret sealed to the attempt.',
  request: z.strictObject({ confirmation: confirmationSchema, decided: decidedSchema.optional() }),
  response: z.strictObject({
    node: z.int().min(1).max(32),
    /** s_i sealed by HPKE to the attempt's one-time key E. */
    sealedSecret: bytesUpTo(128),
  }),
  timeoutMs: 3_000,
  maxBytes: 24 * 1024,
});
