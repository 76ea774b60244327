import { z } from 'zod';
import { defineRpc } from '../define/index.js';

export const bundleCountersign = defineRpc({
  owner: 'bundle-auditor',
  capability: 'bundle',
  verb: 'countersign',
  version: 1,
  addressed: false,
  summary: 'Re-derive the bundle text from the evidence and sign the same bytes. Never two texts for one epoch.',
  request: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(16 * 1024),
  }),
  /** One signature line of the note, without the line feed. */
  response: z.strictObject({ signatureLine: z.string().min(1).max(512) }),
  timeoutMs: 8_000,
  maxBytes: 64 * 1024,
});

export const bundleLog = defineRpc({
  owner: 'bundle-auditor',
  capability: 'bundle',
  verb: 'log',
  version: 1,
  addressed: false,
  summary: 'Append a bundle with both signatures to the public log and prove it, once the witnesses cosigned. Again: the newest proof.',
  request: z.strictObject({
    note: z
      .string()
      .min(1)
      .max(16 * 1024),
  }),
  /** A tlog-proof with the note inside. */
  response: z.strictObject({
    proof: z
      .string()
      .min(1)
      .max(32 * 1024),
  }),
  timeoutMs: 8_000,
  maxBytes: 64 * 1024,
});
