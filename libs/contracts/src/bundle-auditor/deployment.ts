import { z } from 'zod';
import { envelopeSchema } from '../bundle-publisher/deployment.js';
import { defineRpc } from '../define/index.js';

export const deploymentCountersign = defineRpc({
  owner: 'bundle-auditor',
  capability: 'deployment',
  verb: 'countersign',
  version: 1,
  addressed: false,
  summary: 'Check a deployment statement against custodians, registry and the replies of its nodes, keep it, and sign the same bytes.',
  request: z.strictObject({ envelope: envelopeSchema }),
  /** The same envelope with the auditor's signature as well. */
  response: z.strictObject({ envelope: envelopeSchema }),
  timeoutMs: 8_000,
  maxBytes: 320 * 1024,
});
