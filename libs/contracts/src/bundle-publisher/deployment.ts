import { z } from 'zod';
import { defineRpc } from '../define/index.js';
import { digestSchema } from '../fleet-registry/enrolment.js';

/** A DSSE envelope with a deployment statement in it, in its one encoding (TRANSPARENCY 5). */
export const envelopeSchema = z
  .string()
  .min(1)
  .max(300 * 1024);

/** `digest` is that of the statement without its signatures: what a bundle names. */
export const deploymentView = z.strictObject({ digest: digestSchema, envelope: envelopeSchema });

export const deploymentSubmit = defineRpc({
  owner: 'bundle-publisher',
  capability: 'deployment',
  verb: 'submit',
  version: 1,
  addressed: false,
  summary:
    'Take a deployment statement that custodians have signed: check it, have the auditor check and sign it, sign it, keep it. Operators only.',
  request: z.strictObject({ operatorToken: z.string().min(1).max(4096), envelope: envelopeSchema }),
  response: deploymentView,
  timeoutMs: 10_000,
  maxBytes: 320 * 1024,
});

export const deploymentRead = defineRpc({
  owner: 'bundle-publisher',
  capability: 'deployment',
  verb: 'read',
  version: 1,
  addressed: false,
  summary: 'A deployment statement with all its signatures, by its digest.',
  request: z.strictObject({ digest: digestSchema }),
  response: deploymentView,
  timeoutMs: 3_000,
  maxBytes: 320 * 1024,
});
